using System.Collections.Immutable;
using System.Reflection;

namespace Skiptune.Hardware.Simulation;

/// <summary>The SystemVerilog of the accelerator, which lies in this assembly.</summary>
internal static class RtlSources
{
    private static readonly Assembly Assembly = typeof(RtlSources).Assembly;

    /// <summary>The names of all RTL files, packages first.</summary>
    public static ImmutableArray<string> Files { get; } =
    [
        .. Assembly.GetManifestResourceNames().Where(name => name.StartsWith("rtl/", StringComparison.Ordinal)).Select(name => name["rtl/".Length..])
            .OrderBy(name => name.EndsWith("_pkg.sv", StringComparison.Ordinal) ? 0 : 1).ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The text of a file.</summary>
    /// <param name="name">Such as rtl/softmax.sv or sim/bench.cpp.</param>
    public static string Read(string name)
    {
        using StreamReader reader = new(Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>Writes all RTL files into a folder.</summary>
    public static void WriteTo(string folder)
    {
        foreach (string file in Files)
            File.WriteAllText(Path.Combine(folder, file), Read($"rtl/{file}"));
    }
}
