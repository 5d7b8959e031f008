using System.Security.Cryptography;
using System.Text;
using Skiptune.Hardware.Synthesis;

namespace Skiptune.Hardware.Simulation;

/// <summary>Verilates a design into a shared library, once: it is kept under the hash of all that went into it.</summary>
internal static class RtlBuild
{
    private const string Library = "bench.so";

    private const string PortList = "ports.xml";

    /// <summary>The library and the ports, built if need be.</summary>
    /// <exception cref="SkiptuneException">A tool is missing, or the RTL has an error.</exception>
    public static (string Library, RtlPorts Ports) Get(RtlDesign design, CancellationToken cancellationToken = default)
    {
        string folder = BuildCache.Get($"{design.Name}-{Key(design)}", Library, work => Make(design, work, cancellationToken));
        return (Path.Combine(folder, Library), RtlPorts.Parse(File.ReadAllText(Path.Combine(folder, PortList))));
    }

    /// <summary>A short hash of a text.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static string Key(RtlDesign design)
    {
        StringBuilder text = new($"{RtlPorts.Shell(design)} {design.Trace} {design.Form} {RtlSources.Read("sim/bench.cpp")} {RtlSources.Read("sim/cells.v")}");
        if (design.Form != RtlForm.Source)
            text.AppendJoin('\n', Netlist.Script(design).Commands);
        foreach (string file in RtlSources.Files)
            text.Append(RtlSources.Read($"rtl/{file}"));
        return Hash(text.ToString());
    }

    private static void Make(RtlDesign design, string work, CancellationToken cancellationToken)
    {
        RtlSources.WriteTo(work);
        string[] sources = [.. RtlSources.Files];
        string[] quiet = ["-Wno-fatal", "-Wno-lint", "-Wno-style"];
        File.WriteAllText(Path.Combine(work, "shell.sv"), RtlPorts.Shell(design));
        Toolchain.Run(work, "verilator", ["--xml-only", "--xml-output", PortList, "--top-module", "shell", .. quiet, "shell.sv", .. sources], cancellationToken);
        RtlPorts ports = RtlPorts.Parse(File.ReadAllText(Path.Combine(work, PortList)));
        if (design.Form != RtlForm.Source)
            (design, sources) = Netlist.Make(design, ports, work, cancellationToken);
        File.WriteAllText(Path.Combine(work, "bench.sv"), ports.Bench(design));
        string[] traces = design.Trace ? ["--trace-fst", "--trace-structs"] : [];
        Toolchain.Run(
            work,
            "verilator",
            ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--output-split", "20000", "--top-module", "bench", "--Mdir", RtlCompiler.Model, .. quiet,
                "+define+ASSERT", "--assert", .. traces, "bench.sv", .. sources],
            cancellationToken);
        RtlCompiler.Compile(work, Library, design, cancellationToken);
        Directory.Delete(Path.Combine(work, RtlCompiler.Model), recursive: true);
    }
}
