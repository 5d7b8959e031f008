using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Skiptune.Hardware.Synthesis;

namespace Skiptune.Hardware.Simulation;

/// <summary>A module in a bench.</summary>
/// <param name="Name">What the bench calls it.</param>
/// <param name="Module">The module.</param>
/// <param name="Parameters">Its parameters; others keep their defaults.</param>
internal sealed record RtlPart(string Name, string Module, IReadOnlyDictionary<string, long> Parameters);

/// <summary>In which form RTL is simulated.</summary>
internal enum RtlForm
{
    /// <summary>As it was written.</summary>
    Source,

    /// <summary>What Yosys read: registers, memories and operators of whole words.</summary>
    Words,

    /// <summary>What Yosys mapped to the part: LUTs, carry chains, registers, multipliers, memories of LUTs; not those of blocks.</summary>
    Cells,
}

/// <summary>What is simulated: a module, or several that have nothing but the clock in common and are built at once.</summary>
/// <param name="Name">The name of the whole.</param>
/// <param name="Parts">The modules.</param>
internal sealed record RtlDesign(string Name, IReadOnlyList<RtlPart> Parts)
{
    /// <summary>What the part of a design of one is called.</summary>
    public const string Single = "dut";

    /// <summary>Whether the RTL is simulated or a netlist of it.</summary>
    public RtlForm Form { get; init; }

    /// <summary>True to be able to write waveforms; slower.</summary>
    public bool Trace { get; init; }

    /// <summary>Makes a design with named parameters.</summary>
    public static RtlDesign Of(string top, params (string Name, long Value)[] parameters) =>
        new(top, [Part(Single, top, parameters)]);

    /// <summary>Makes a part with named parameters.</summary>
    public static RtlPart Part(string name, string module, params (string Name, long Value)[] parameters) =>
        new(name, module, new SortedDictionary<string, long>(parameters.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), StringComparer.Ordinal));
}

/// <summary>
/// Verilates a module into a shared library. What was built is kept in skiptune/rtl of the user's cache folder under the
/// hash of all that went into it, so it is built once.
/// </summary>
internal static class RtlBuild
{
    private const string Library = "bench.so";

    private const string PortList = "ports.xml";

    private static readonly ConcurrentDictionary<string, Lock> Building = new(StringComparer.Ordinal);

    /// <summary>The library and the ports, built if need be.</summary>
    /// <exception cref="SkiptuneException">A tool is missing, or the RTL has an error.</exception>
    public static (string Library, RtlPorts Ports) Get(RtlDesign design, CancellationToken cancellationToken = default)
    {
        string folder = Path.Combine(CacheFolder(), Key(design));
        // Of one design once; of several beside each other, because much of a build keeps one processor busy.
        lock (Building.GetOrAdd(folder, _ => new Lock()))
        {
            if (!File.Exists(Path.Combine(folder, Library)))
                Make(design, folder, cancellationToken);
        }
        return (Path.Combine(folder, Library), RtlPorts.Parse(File.ReadAllText(Path.Combine(folder, PortList))));
    }

    private static string CacheFolder()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(root ?? ""))
            root = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root!, "skiptune", "rtl");
    }

    private static string Key(RtlDesign design)
    {
        StringBuilder text = new($"{RtlPorts.Shell(design)} {design.Trace} {design.Form} {RtlSources.Read("sim/bench.cpp")} {RtlSources.Read("sim/cells.v")}");
        if (design.Form != RtlForm.Source)
            text.AppendJoin('\n', Netlist.Scripts(design).SelectMany(script => script.Commands));
        foreach (string file in RtlSources.Files)
            text.Append(RtlSources.Read($"rtl/{file}"));
        return $"{design.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16]}";
    }

    private static void Make(RtlDesign design, string folder, CancellationToken cancellationToken)
    {
        string work = $"{folder}.{Guid.NewGuid():n}";
        Directory.CreateDirectory(work);
        try
        {
            RtlSources.WriteTo(work);
            string[] sources = [.. RtlSources.Files];
            if (design.Form != RtlForm.Source)
                (design, sources) = Netlist.Make(design, work, cancellationToken);
            File.WriteAllText(Path.Combine(work, "shell.sv"), RtlPorts.Shell(design));
            Toolchain.Run(work, "verilator", ["--xml-only", "--xml-output", PortList, "--top-module", "shell", "-Wno-fatal", "-Wno-lint", "-Wno-style", "shell.sv", .. sources], cancellationToken);
            RtlPorts ports = RtlPorts.Parse(File.ReadAllText(Path.Combine(work, PortList)));
            File.WriteAllText(Path.Combine(work, "bench.sv"), ports.Bench(design));
            File.WriteAllText(Path.Combine(work, "bench.cpp"), RtlSources.Read("sim/bench.cpp"));
            string[] traces = design.Trace ? ["--trace-fst", "--trace-structs"] : [];
            Toolchain.Run(
                work,
                "verilator",
                ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--output-split", "20000", "--top-module", "bench", "--Mdir", "model", "-Wno-fatal", "-Wno-lint", "-Wno-style",
                    "+define+ASSERT", "--assert", .. traces, "bench.sv", .. sources],
                cancellationToken);
            string objects = design.Trace ? "verilated_fst_c.o" : "";
            Toolchain.Run(
                work,
                "make",
                ["-s", "-j", $"{Environment.ProcessorCount}", "-C", "model", "-f", "Vbench.mk", "CXXFLAGS=-fPIC", "OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O1", "Vbench__ALL.a", "verilated.o", "verilated_threads.o", .. objects.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
                cancellationToken);
            Link(work, design.Trace, cancellationToken);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            Directory.Move(work, folder);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    private static void Link(string work, bool trace, CancellationToken cancellationToken)
    {
        string root = Toolchain.Run(work, "verilator", ["--getenv", "VERILATOR_ROOT"], cancellationToken).Trim();
        string include = Path.Combine(root, "include");
        string[] tracing = trace ? ["-DVM_TRACE=1", "-DVM_TRACE_FST=1", "model/verilated_fst_c.o"] : ["-DVM_TRACE=0"];
        Toolchain.Run(
            work,
            "g++",
            ["-shared", "-fPIC", "-O2", "-std=c++17", "-o", Library, "-I", "model", "-I", include, "-I", Path.Combine(include, "vltstd"), "-DVM_COVERAGE=0", "-DVM_SC=0",
                "bench.cpp", .. tracing, "model/Vbench__ALL.a", "model/verilated.o", "model/verilated_threads.o", "-pthread", .. (string[])(trace ? ["-lz"] : [])],
            cancellationToken);
        Directory.Delete(Path.Combine(work, "model"), recursive: true);
    }
}
