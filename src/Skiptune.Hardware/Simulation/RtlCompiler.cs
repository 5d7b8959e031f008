using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;

namespace Skiptune.Hardware.Simulation;

/// <summary>
/// Compiles what Verilator wrote into a shared library. Its many files become as few as keep all processors busy, because each
/// reads the same large headers; Verilator's own runtime is the same for all designs and compiled once.
/// </summary>
internal static partial class RtlCompiler
{
    /// <summary>The folder of what Verilator wrote.</summary>
    public const string Model = "model";

    private const string Runtime = "runtime.o";

    private static readonly string[] s_flags = ["-fPIC", "-std=gnu++17", "-w", "-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0"];

    /// <summary>Makes the library of a design.</summary>
    /// <exception cref="SkiptuneException">A tool is missing, or failed.</exception>
    public static void Compile(string work, string library, RtlDesign design, CancellationToken cancellationToken)
    {
        string include = Path.Combine(Toolchain.Run(work, "verilator", ["--getenv", "VERILATOR_ROOT"], cancellationToken).Trim(), "include");
        string[] flags = [.. s_flags, "-I", include, "-I", Path.Combine(include, "vltstd"), .. (string[])(design.Trace ? ["-DVM_TRACE=1", "-DVM_TRACE_FST=1"] : ["-DVM_TRACE=0"])];
        string model = Path.Combine(work, Model);
        ILookup<string, string> files = ReadLists(Path.Combine(model, "Vbench_classes.mk"));
        string runtime = GetRuntime(include, flags, [.. files["GLOBAL_FAST"], .. files["GLOBAL_SLOW"]], cancellationToken);
        File.WriteAllText(Path.Combine(model, "bench.cpp"), RtlSources.Read("sim/bench.cpp"));
        // What runs once is not worth more than the least effort, nor is a netlist of cells: much code, under short tests.
        (string Name, string Level, IEnumerable<string> Files)[] units =
        [
            .. Divide(model, [.. files["CLASSES_FAST"], .. files["SUPPORT_FAST"], "bench"]).Select((pile, i) => ($"fast{i}", design.Form == RtlForm.Cells ? "-O0" : "-O1", pile)),
            ("slow", "-O0", [.. files["CLASSES_SLOW"], .. files["SUPPORT_SLOW"]]),
        ];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        try
        {
            Parallel.ForEach(units, options, unit => CompileUnit(model, unit.Name, unit.Files, [.. flags, unit.Level], cancellationToken));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        Toolchain.Run(work, "g++", ["-shared", "-o", library, .. units.Select(unit => $"{Model}/{unit.Name}.o"), runtime, "-pthread", .. (string[])(design.Trace ? ["-lz"] : [])], cancellationToken);
    }

    // Of one version of Verilator with one set of flags.
    private static string GetRuntime(string include, string[] flags, string[] files, CancellationToken cancellationToken)
    {
        string key = RtlBuild.Hash($"{File.ReadAllText(Path.Combine(include, "verilated_config.h"))} {string.Join(' ', flags)} {string.Join(' ', files)}");
        string folder = BuildCache.Get($"runtime-{key}", Runtime, work => CompileUnit(work, Path.GetFileNameWithoutExtension(Runtime), files, [.. flags, "-O1"], cancellationToken));
        return Path.Combine(folder, Runtime);
    }

    private static void CompileUnit(string folder, string name, IEnumerable<string> files, string[] flags, CancellationToken cancellationToken)
    {
        File.WriteAllLines(Path.Combine(folder, $"{name}_unit.cpp"), files.Select(file => $"#include \"{file}.cpp\""));
        Toolchain.Run(folder, "g++", [.. flags, "-I", ".", "-c", "-o", $"{name}.o", $"{name}_unit.cpp"], cancellationToken);
    }

    // As many piles as processors, of like size.
    private static IEnumerable<IEnumerable<string>> Divide(string folder, IEnumerable<string> files)
    {
        List<string>[] piles = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new List<string>())];
        long[] sizes = new long[piles.Length];
        foreach ((string file, long size) in files.Select(file => (file, Size: new FileInfo(Path.Combine(folder, $"{file}.cpp")).Length)).OrderByDescending(file => file.Size))
        {
            int least = Array.IndexOf(sizes, sizes.Min());
            piles[least].Add(file);
            sizes[least] += size;
        }
        return piles.Where(pile => pile.Count > 0);
    }

    // Verilator writes which of its files run often and which of its runtime's they need.
    private static ILookup<string, string> ReadLists(string path) =>
        ListOfFiles().Matches(File.ReadAllText(path))
            .SelectMany(list => list.Groups["file"].Captures.Select(file => (Name: list.Groups["name"].Value, File: file.Value)))
            .ToLookup(entry => entry.Name, entry => entry.File, StringComparer.Ordinal);

    [GeneratedRegex(@"^VM_(?<name>(CLASSES|SUPPORT|GLOBAL)_(FAST|SLOW)) \+= \\\n(\t(?<file>\w+) \\\n)*", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex ListOfFiles();
}
