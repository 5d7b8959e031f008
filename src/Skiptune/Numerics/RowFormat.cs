namespace Skiptune.Numerics;

/// <summary>
/// How the values of one sample are written in a row of memory: as float32, as float16, or as the levels of all blocks
/// (<see cref="BlockFormat"/>) with all their float16 scales behind.
/// </summary>
/// <param name="Bits">32, 16, 8, 4, 3 or 2.</param>
/// <param name="Signed">Whether levels below zero exist; true for the floats.</param>
internal sealed record RowFormat(int Bits, bool Signed = true)
{
    public static RowFormat Float32 { get; } = new(32);

    public static RowFormat Float16 { get; } = new(16);

    /// <summary>True if the values are levels and scales.</summary>
    public bool IsPacked => Bits <= 8;

    /// <summary>The format of the blocks.</summary>
    public BlockFormat Block => new(Bits, Signed);

    /// <summary>The bytes of that many values.</summary>
    public int Bytes(int values) => IsPacked ? ScalesAt(values) + Blocks(values) * sizeof(ushort) : values * Bits / 8;

    /// <summary>
    /// Where the scales of a row of that many values start. The levels are whole units of 32 values, 8 bytes at least, so the
    /// scales are aligned.
    /// </summary>
    public int ScalesAt(int values) => Block.PackedBytes(values);

    /// <inheritdoc/>
    public override string ToString() => IsPacked ? $"{(Signed ? "signed" : "unsigned")} {Bits} bit" : $"float{Bits}";

    /// <summary>The blocks of that many values.</summary>
    public static int Blocks(int values) => (values + BlockFormat.MaxValues - 1) / BlockFormat.MaxValues;
}
