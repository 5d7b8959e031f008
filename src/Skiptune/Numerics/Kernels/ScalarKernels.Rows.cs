namespace Skiptune.Numerics;

internal sealed unsafe partial class ScalarKernels
{
    internal override void ToHalves(ReadOnlySpan<float> values, Span<ushort> halves)
    {
        CheckLengths(values.Length, halves.Length);
        for (int i = 0; i < values.Length; i++)
            halves[i] = BitConverter.HalfToUInt16Bits((Half)Math.Clamp(values[i], (float)Half.MinValue, (float)Half.MaxValue));
    }

    internal override void FromHalves(ReadOnlySpan<ushort> halves, Span<float> values)
    {
        CheckLengths(halves.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)BitConverter.UInt16BitsToHalf(halves[i]);
    }

    internal override void ProjectRows(RowBatch rows, int from, int to, ReadOnlySpan<float> down, int rank, Span<float> hidden, int stride)
    {
        CheckRows(rows, rank, down.Length, to - from, hidden.Length, stride);
        for (int i = from; i < to; i++)
            DotRows(1, rank, rows.Count, Decoded(rows, i), rows.Count, down, rows.Count, hidden[((i - from) * stride)..], stride);
    }

    internal override void AddRowProducts(RowBatch rows, int start, int end, ReadOnlySpan<float> slopes, int stride, int rank, Span<float> gradient)
    {
        CheckColumns(rows, start, end);
        CheckRows(rows, rank, gradient.Length, rows.Addresses.Length, slopes.Length, stride);
        for (int i = 0; i < rows.Addresses.Length; i++)
        {
            ReadOnlySpan<float> row = Decoded(rows, i);
            for (int r = 0; r < rank; r++)
            {
                for (int j = start; j < end; j++)
                    gradient[r * rows.Count + j] = MathF.FusedMultiplyAdd(slopes[i * stride + r], row[j], gradient[r * rows.Count + j]);
            }
        }
    }

    internal override void UpdateFromRows(
        RowBatch rows,
        int start,
        int end,
        ReadOnlySpan<float> slopes,
        int stride,
        int rank,
        in OptimizerStep step,
        Span<float> parameters,
        Span<float> first,
        Span<float> second)
    {
        Span<float> gradient = Scratch.Get(Scratch.Purpose.Gradient, rank * rows.Count);
        gradient.Clear();
        AddRowProducts(rows, start, end, slopes, stride, rank, gradient);
        for (int r = 0; r < rank; r++)
        {
            Range columns = new(r * rows.Count + start, r * rows.Count + end);
            Update(step, parameters[columns], gradient[columns], first.IsEmpty ? first : first[columns], second.IsEmpty ? second : second[columns]);
        }
    }

    private Span<float> Decoded(RowBatch rows, int sample)
    {
        Span<float> values = Scratch.Get(Scratch.Purpose.Line, rows.Count);
        DecodeRow(rows.Format, new ReadOnlySpan<byte>((void*)rows.Addresses[sample], rows.Format.Bytes(rows.Count)), values);
        return values;
    }
}
