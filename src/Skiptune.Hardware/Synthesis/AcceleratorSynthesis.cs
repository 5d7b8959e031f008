using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Synthesis;

/// <summary>
/// Maps the accelerator to the XCK26 with Yosys, module by module: each is mapped once and counted as often as it is used, and
/// nothing is optimised across the modules' borders. Then all are put together, for the paths that cross the borders.
/// </summary>
public sealed partial class AcceleratorSynthesis
{
    private const string Top = "skiptune_accelerator";
    private const string Elaborated = "elaborated";
    private const string Assembled = "assembled";

    private readonly AcceleratorOptions _hardware;

    /// <summary>Prepares the synthesis.</summary>
    /// <param name="hardware">How the accelerator is built.</param>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public AcceleratorSynthesis(AcceleratorOptions hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        hardware.Check();
        _hardware = hardware;
    }

    /// <summary>Maps all modules, as many at once as there are processors; takes minutes.</summary>
    /// <param name="progress">Told the name of each module that is done.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="SkiptuneException">Yosys is not installed, or failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SynthesisReport Run(IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        string folder = Directory.CreateTempSubdirectory("skiptune-synthesis-").FullName;
        try
        {
            RtlSources.WriteTo(folder);
            Yosys.Run(folder, new YosysScript(Elaborated, [.. Yosys.Read(Top, SimulatedBus.Design(_hardware).Parts[0].Parameters), "proc", "opt_clean", $"write_rtlil {Elaborated}.il"]), cancellationToken);
            DesignTree tree = DesignTree.Read(File.ReadLines(Path.Combine(folder, $"{Elaborated}.il")));
            Dictionary<string, MappedModule> modules = tree.Mapped(Top).Select((module, i) => (Name: $"m{i}", Module: module)).ToDictionary(pair => pair.Name, pair => pair.Module, StringComparer.Ordinal);
            Yosys.RunAll(folder, modules.Select(pair => Script(pair.Key, pair.Value.Module, tree)), script => progress?.Report(modules[script.Name].Label), cancellationToken);
            Yosys.Run(folder, Assemble(modules.Keys), cancellationToken);
            return new SynthesisReport
            {
                Hardware = _hardware,
                Modules = [.. modules.Select(pair => Read(folder, pair.Key, pair.Value)).OrderByDescending(module => module.Count * module.Each.Luts)],
                Part = Resources.Xck26,
                WholePath = TimingPath.Read(File.ReadLines(Path.Combine(folder, $"{Assembled}.sta"))),
                Seconds = clock.Elapsed.TotalSeconds,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static YosysScript Script(string name, string module, DesignTree tree) => new(name,
    [
        $"read_rtlil {Elaborated}.il",
        $"hierarchy -top {module}",
        .. tree.Below(module).Select(below => $"blackbox {below}"),
        $"{Yosys.Map} {module}",
        $"tee -q -o {name}.stat stat",
        $"select ={module}",
        $"write_rtlil -selected {name}.il",
    ]);

    // The delays of the cells, without wires; multipliers and memories have none.
    private static YosysScript Assemble(IEnumerable<string> modules) => new(Assembled,
    [
        .. modules.Select(module => $"read_rtlil {module}.il"),
        "read_verilog -lib -specify +/xilinx/cells_sim.v",
        "read_verilog -lib +/xilinx/cells_xtra.v",
        $"hierarchy -top {Top}",
        "flatten",
        $"tee -q -o {Assembled}.sta sta",
    ]);

    private static MappedModuleReport Read(string folder, string name, MappedModule module)
    {
        Resources each = Resources.None;
        bool here = false;
        foreach (string line in File.ReadLines(Path.Combine(folder, $"{name}.stat")))
        {
            if (line.StartsWith("===", StringComparison.Ordinal))
                here = line.Contains(module.Module.TrimStart('\\'), StringComparison.Ordinal);
            else if (here && CellCount().Match(line) is { Success: true } cell && !IsModule(cell.Groups["cell"].Value))
                each += int.Parse(cell.Groups["count"].Value, CultureInfo.InvariantCulture) * (Resources.OfCell(cell.Groups["cell"].Value)
                    ?? throw new SkiptuneException($"Yosys mapped {module.Label} to cells {cell.Groups["cell"].Value}, whose size is not known here; use Yosys 0.23"));
        }
        // abc9 says it once a pass; the last holds.
        double path = File.ReadLines(Path.Combine(folder, $"{name}.log")).Select(line => Delay().Match(line)).Where(match => match.Success)
            .Select(match => double.Parse(match.Groups["picoseconds"].Value, CultureInfo.InvariantCulture)).LastOrDefault();
        return new MappedModuleReport(module.Label, module.Count, each, path / 1000);
    }

    // Cells of the part are in capitals.
    private static bool IsModule(string cell) => cell.Any(char.IsAsciiLetterLower);

    [GeneratedRegex(@"^     (?<cell>\S+)\s+(?<count>\d+)\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex CellCount();

    [GeneratedRegex(@"^ABC:.* Del =\s*(?<picoseconds>\d+\.\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Delay();
}
