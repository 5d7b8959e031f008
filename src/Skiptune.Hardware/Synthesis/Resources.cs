namespace Skiptune.Hardware.Synthesis;

/// <summary>What a design takes of a part, or what the part has.</summary>
/// <param name="Luts">Look-up tables of six inputs, with those that are memories or shift registers.</param>
/// <param name="FlipFlops">Registers of a bit.</param>
/// <param name="Multipliers">DSP48E2.</param>
/// <param name="BlockRams">Block memories of 36 Kbit; halves count.</param>
/// <param name="UltraRams">UltraRAMs of 288 Kbit.</param>
public sealed record Resources(double Luts, double FlipFlops, double Multipliers, double BlockRams, double UltraRams)
{
    /// <summary>The part of an AMD Kria KV260.</summary>
    public static Resources Xck26 { get; } = new(117_120, 234_240, 1_248, 144, 64);

    /// <summary>Nothing.</summary>
    public static Resources None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All with their usual short names.</summary>
    public IEnumerable<(string Name, double Count)> Named => [("LUT", Luts), ("FF", FlipFlops), ("DSP", Multipliers), ("BRAM", BlockRams), ("URAM", UltraRams)];

    /// <summary>The sum.</summary>
    public static Resources operator +(Resources left, Resources right) => Add(left, right);

    /// <summary>As often.</summary>
    public static Resources operator *(int times, Resources each) => Multiply(times, each);

    /// <summary>The sum.</summary>
    public static Resources Add(Resources left, Resources right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(left.Luts + right.Luts, left.FlipFlops + right.FlipFlops, left.Multipliers + right.Multipliers, left.BlockRams + right.BlockRams, left.UltraRams + right.UltraRams);
    }

    /// <summary>As often.</summary>
    public static Resources Multiply(int times, Resources each)
    {
        ArgumentNullException.ThrowIfNull(each);
        return new(times * each.Luts, times * each.FlipFlops, times * each.Multipliers, times * each.BlockRams, times * each.UltraRams);
    }

    /// <summary>What a cell of the part takes, or null for one that is not known.</summary>
    internal static Resources? OfCell(string cell) => cell switch
    {
        // Inverters would be drawn into the LUTs behind them; here each counts as one.
        "LUT1" or "LUT2" or "LUT3" or "LUT4" or "LUT5" or "LUT6" or "INV" or "SRL16E" or "SRLC16E" or "SRLC32E" or "RAM32X1S" or "RAM64X1S" => None with { Luts = 1 },
        "RAM32X1D" or "RAM64X1D" or "RAM128X1S" => None with { Luts = 2 },
        "RAM32M" or "RAM64M" or "RAM128X1D" or "RAM256X1S" => None with { Luts = 4 },
        "RAM32M16" or "RAM64M8" or "RAM256X1D" or "RAM512X1S" => None with { Luts = 8 },
        "FDRE" or "FDSE" or "FDCE" or "FDPE" => None with { FlipFlops = 1 },
        "DSP48E2" => None with { Multipliers = 1 },
        "RAMB18E2" => None with { BlockRams = 0.5 },
        "RAMB36E2" => None with { BlockRams = 1 },
        "URAM288" => None with { UltraRams = 1 },
        // These lie beside the LUTs of a slice.
        "CARRY4" or "CARRY8" or "MUXF7" or "MUXF8" or "MUXF9" or "VCC" or "GND" => None,
        _ => null,
    };
}
