namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    internal override Half QuantizeBlock(BlockFormat format, ReadOnlySpan<float> values, Span<byte> packed)
    {
        Span<float> block = stackalloc float[BlockFormat.MaxValues];
        values.CopyTo(block);
        // Repeating the last value changes neither extreme.
        block[values.Length..].Fill(values[^1]);
        V smallest = S.Load(ref block[0], 0);
        V largest = smallest;
        for (int i = S.Width; i < block.Length; i += S.Width)
        {
            V value = S.Load(ref block[0], (nuint)i);
            smallest = S.Min(smallest, value);
            largest = S.Max(largest, value);
        }
        Span<float> lanes = stackalloc float[2 * Lanes];
        S.Store(smallest, ref lanes[0], 0);
        S.Store(largest, ref lanes[Lanes], 0);
        float minimum = lanes[0];
        float maximum = lanes[Lanes];
        for (int i = 1; i < S.Width; i++)
        {
            minimum = MathF.Min(minimum, lanes[i]);
            maximum = MathF.Max(maximum, lanes[Lanes + i]);
        }
        Half scale = format.ScaleFor(minimum, maximum);
        V inverse = S.Broadcast(BlockFormat.InverseOf(scale));
        V half = S.Broadcast(format.Offset + 0.5f);
        V top = S.Broadcast(format.MaxLevel);
        for (int i = 0; i < block.Length; i += S.Width)
        {
            V level = S.Floor(S.FusedMultiplyAdd(S.Load(ref block[0], (nuint)i), inverse, half));
            S.Store(S.Min(S.Max(level, S.Broadcast(0)), top), ref block[0], (nuint)i);
        }
        Span<byte> levels = stackalloc byte[values.Length];
        for (int i = 0; i < values.Length; i++)
            levels[i] = (byte)block[i];
        format.Pack(levels, packed);
        return scale;
    }

    internal override void DequantizeBlock(BlockFormat format, ReadOnlySpan<byte> packed, Half scale, Span<float> values)
    {
        Span<float> block = stackalloc float[BlockFormat.MaxValues];
        block.Clear();
        int at = 0;
        for (int unit = 0; unit < values.Length; unit += BlockFormat.UnitValues)
        {
            int shift = 0;
            foreach (int bits in format.Parts)
            {
                int bytes = 4 * bits;
                for (int low = 0; low < 8; low += bits)
                {
                    Span<float> to = block.Slice(unit + low / bits * bytes, bytes);
                    for (int j = 0; j < to.Length; j++)
                        to[j] += (packed[at + j] >> low & (1 << bits) - 1) << shift;
                }
                at += bytes;
                shift += bits;
            }
        }
        V factor = S.Broadcast((float)scale);
        V offset = S.Broadcast(format.Offset);
        for (int i = 0; i < values.Length; i += S.Width)
        {
            V value = S.Multiply(S.Subtract(S.Load(ref block[0], (nuint)i), offset), factor);
            Put(value, ref Start(values), (nuint)i, values.Length - i);
        }
    }
}
