using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Synthesis;

/// <summary>Writes what Yosys makes of modules as Verilog, to be simulated in their place.</summary>
internal static class Netlist
{
    private static readonly string[] s_words =
    [
        "proc",
        "opt",
        "wreduce",
        "peepopt",
        "opt",
        "memory -nomap",
        "opt_clean",
    ];

    /// <summary>Makes a netlist of every part of a design.</summary>
    /// <param name="design">The design, in a form other than the source.</param>
    /// <param name="folder">Where the RTL lies and the netlists go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The design of the netlists, whose modules have no parameters, and their files.</returns>
    public static (RtlDesign Design, string[] Files) Make(RtlDesign design, string folder, CancellationToken cancellationToken)
    {
        File.WriteAllText(Path.Combine(folder, "cells.v"), RtlSources.Read("sim/cells.v"));
        Yosys.RunAll(folder, Scripts(design), ended: null, cancellationToken);
        return (
            design with { Parts = [.. design.Parts.Select(part => RtlDesign.Part(part.Name, Name(part)))] },
            [.. design.Parts.Select(part => $"{part.Name}.v")]);
    }

    /// <summary>What makes them, each in a file of the part's name.</summary>
    public static IEnumerable<YosysScript> Scripts(RtlDesign design) => design.Parts.Select(part => new YosysScript(part.Name, Script(part, design.Form)));

    // The cells' own models in place of their interfaces; hierarchy gives them the parameters of each use.
    private static string[] Cells(string module) =>
    [
        $"{Yosys.Map} {module}",
        "read_verilog -overwrite +/xilinx/cells_sim.v cells.v",
        $"hierarchy -top {module}",
        "proc",
        "flatten",
        "opt_expr",
        "opt_clean -purge",
    ];

    private static string Name(RtlPart part) => $"netlist_{part.Name}";

    private static IEnumerable<string> Script(RtlPart part, RtlForm form) =>
    [
        .. Yosys.Read(part.Module, part.Parameters),
        .. form == RtlForm.Cells ? Cells(part.Module) : s_words,
        $"rename {part.Module} {Name(part)}",
        $"write_verilog -noattr {part.Name}.v",
    ];
}
