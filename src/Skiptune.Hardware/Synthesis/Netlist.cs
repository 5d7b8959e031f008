using Skiptune.Hardware.Simulation;

namespace Skiptune.Hardware.Synthesis;

/// <summary>Writes what Yosys makes of modules as Verilog, to be simulated in their place.</summary>
internal static class Netlist
{
    private const string Wrappers = "wrappers.sv";

    private const string Written = "netlist.v";

    private const string Prefix = "netlist_";

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

    // The cells' own models in place of their interfaces; hierarchy gives them the parameters of each use. Then single bits,
    // because a carry chain in a vector looks like a loop to the simulator; but not of memories, which it would take apart.
    private static readonly string[] s_cells =
    [
        $"{Yosys.Map} netlists",
        "read_verilog -overwrite +/xilinx/cells_sim.v cells.v",
        "hierarchy -top netlists",
        "proc",
        "setattr -mod -set keep_hierarchy 1 *RAM*",
        "flatten",
        "opt_expr",
        $"splitnets {Prefix}*",
        "opt_clean -purge",
    ];

    /// <summary>Makes a netlist of every part of a design.</summary>
    /// <param name="design">The design, in a form other than the source.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="folder">Where the RTL lies and the netlists go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The design of the netlists, whose modules have no parameters, and their files.</returns>
    public static (RtlDesign Design, string[] Files) Make(RtlDesign design, RtlPorts ports, string folder, CancellationToken cancellationToken)
    {
        File.WriteAllText(Path.Combine(folder, "cells.v"), RtlSources.Read("sim/cells.v"));
        File.WriteAllLines(Path.Combine(folder, Wrappers), design.Parts.Select(part => Wrapper(part, ports)).Append(Top(design)));
        Yosys.Run(folder, Script(design), cancellationToken);
        return (design with { Parts = [.. design.Parts.Select(part => RtlDesign.Part(part.Name, Name(part)))] }, [Written]);
    }

    /// <summary>What makes them, all at once: Yosys takes seconds to read its own libraries.</summary>
    public static YosysScript Script(RtlDesign design) => new(design.Name,
    [
        $"read_verilog -sv {string.Join(' ', RtlSources.Files)} {Wrappers}",
        "hierarchy -check -top netlists",
        .. design.Form == RtlForm.Cells ? s_cells : s_words,
        "delete netlists",
        $"write_verilog -noattr {Written}",
    ]);

    private static string Name(RtlPart part) => $"{Prefix}{part.Name}";

    // A module without parameters around each part, which is mapped alone.
    private static string Wrapper(RtlPart part, RtlPorts ports) =>
        $"""
        (* keep_hierarchy *) module {Name(part)} ({string.Join(", ", ports.Of(part).Select(port => $"{(port.IsInput ? "input" : "output")} wire [{port.Width - 1}:0] {port.Name}"))});
        {part.Instance} ({string.Join(", ", ports.Of(part).Select(port => $".{port.Name}({port.Name})"))});
        endmodule
        """;

    private static string Top(RtlDesign design) =>
        $"module netlists; {string.Concat(design.Parts.Select(part => $"(* keep *) {Name(part)} {part.Name} ();{Environment.NewLine}"))} endmodule";
}
