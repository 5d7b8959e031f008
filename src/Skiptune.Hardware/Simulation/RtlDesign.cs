namespace Skiptune.Hardware.Simulation;

/// <summary>A module in a bench.</summary>
/// <param name="Name">What the bench calls it.</param>
/// <param name="Module">The module.</param>
/// <param name="Parameters">Its parameters; others keep their defaults.</param>
internal sealed record RtlPart(string Name, string Module, IReadOnlyDictionary<string, long> Parameters)
{
    /// <summary>It as an instance without connections.</summary>
    public string Instance => Parameters.Count == 0 ? $"{Module} {Name}" : $"{Module} #({string.Join(", ", Parameters.Select(pair => $".{pair.Key}({pair.Value})"))}) {Name}";
}

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

/// <summary>What is simulated: a module, or several that have nothing in common and are built at once.</summary>
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
