using System.Runtime.InteropServices;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>How one value of a sample is written in a cache row.</summary>
internal abstract class SegmentCodec
{
    /// <summary>The bytes of that many values.</summary>
    public abstract int Bytes(int values);

    /// <summary>Writes the values.</summary>
    public abstract void Encode(KernelSet kernels, ReadOnlySpan<float> values, Span<byte> row);

    /// <summary>Reads them back.</summary>
    public abstract void Decode(KernelSet kernels, ReadOnlySpan<byte> row, Span<float> values);
}

/// <summary>The values as they are.</summary>
internal sealed class Float32Codec : SegmentCodec
{
    public override string ToString() => "float32";

    public override int Bytes(int values) => values * sizeof(float);

    public override void Encode(KernelSet kernels, ReadOnlySpan<float> values, Span<byte> row) => MemoryMarshal.AsBytes(values).CopyTo(row);

    public override void Decode(KernelSet kernels, ReadOnlySpan<byte> row, Span<float> values) => row.CopyTo(MemoryMarshal.AsBytes(values));
}

/// <summary>Half precision.</summary>
internal sealed class Float16Codec : SegmentCodec
{
    public override string ToString() => "float16";

    public override int Bytes(int values) => values * sizeof(ushort);

    public override void Encode(KernelSet kernels, ReadOnlySpan<float> values, Span<byte> row)
    {
        Span<Half> halves = MemoryMarshal.Cast<byte, Half>(row);
        for (int i = 0; i < values.Length; i++)
            halves[i] = (Half)Math.Clamp(values[i], (float)Half.MinValue, (float)Half.MaxValue);
    }

    public override void Decode(KernelSet kernels, ReadOnlySpan<byte> row, Span<float> values)
    {
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(row);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)halves[i];
    }
}

/// <summary>Blocks of small integers: the levels of all blocks, then their scales.</summary>
internal sealed class BlockCodec(BlockFormat format) : SegmentCodec
{
    private const int BlockValues = BlockFormat.MaxValues;

    public override string ToString() => $"{(format.Signed ? "signed" : "unsigned")} {format.Bits} bit";

    public override int Bytes(int values) => ScalesAt(values) + Blocks(values) * sizeof(ushort);

    public override void Encode(KernelSet kernels, ReadOnlySpan<float> values, Span<byte> row)
    {
        Span<Half> scales = Scales(row, values.Length);
        for (int block = 0; block < scales.Length; block++)
        {
            int count = Part(values.Length, block, out int start);
            scales[block] = kernels.QuantizeBlock(format, values.Slice(start, count), row[format.PackedBytes(start)..]);
        }
    }

    public override void Decode(KernelSet kernels, ReadOnlySpan<byte> row, Span<float> values)
    {
        ReadOnlySpan<Half> scales = MemoryMarshal.Cast<byte, Half>(row.Slice(ScalesAt(values.Length), Blocks(values.Length) * sizeof(ushort)));
        for (int block = 0; block < scales.Length; block++)
        {
            int count = Part(values.Length, block, out int start);
            kernels.DequantizeBlock(format, row.Slice(format.PackedBytes(start), format.PackedBytes(count)), scales[block], values.Slice(start, count));
        }
    }

    private static int Blocks(int values) => (values + BlockValues - 1) / BlockValues;

    private static int Part(int values, int block, out int start)
    {
        start = block * BlockValues;
        return Math.Min(BlockValues, values - start);
    }

    // Whole units of 32 values: 4 bytes at least, so the scales behind are aligned.
    private int ScalesAt(int values) => format.PackedBytes(values);

    private Span<Half> Scales(Span<byte> row, int values) =>
        MemoryMarshal.Cast<byte, Half>(row.Slice(ScalesAt(values), Blocks(values) * sizeof(ushort)));
}
