using System.Runtime.InteropServices;

namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>Writes the values of one sample.</summary>
    /// <param name="format">How.</param>
    /// <param name="values">Finite values.</param>
    /// <param name="row"><see cref="RowFormat.Bytes"/> bytes.</param>
    internal void EncodeRow(RowFormat format, ReadOnlySpan<float> values, Span<byte> row)
    {
        row = row[..format.Bytes(values.Length)];
        if (format == RowFormat.Float32)
        {
            MemoryMarshal.AsBytes(values).CopyTo(row);
            return;
        }
        if (format == RowFormat.Float16)
        {
            ToHalves(values, MemoryMarshal.Cast<byte, ushort>(row));
            return;
        }
        int scalesAt = format.ScalesAt(values.Length);
        QuantizeRow(format.Block, values, row[..scalesAt], MemoryMarshal.Cast<byte, Half>(row[scalesAt..]));
    }

    /// <summary>Reads the values of one sample.</summary>
    internal void DecodeRow(RowFormat format, ReadOnlySpan<byte> row, Span<float> values)
    {
        row = row[..format.Bytes(values.Length)];
        if (format == RowFormat.Float32)
        {
            row.CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }
        if (format == RowFormat.Float16)
        {
            FromHalves(MemoryMarshal.Cast<byte, ushort>(row), values);
            return;
        }
        BlockFormat block = format.Block;
        ReadOnlySpan<Half> scales = MemoryMarshal.Cast<byte, Half>(row[format.ScalesAt(values.Length)..]);
        for (int i = 0; i < scales.Length; i++)
        {
            int start = i * BlockFormat.MaxValues;
            int count = Math.Min(BlockFormat.MaxValues, values.Length - start);
            DequantizeBlock(block, row.Slice(block.PackedBytes(start), block.PackedBytes(count)), scales[i], values.Slice(start, count));
        }
    }

    /// <summary>The nearest float16 of each value, ties to even; values beyond its range become its largest.</summary>
    internal abstract void ToHalves(ReadOnlySpan<float> values, Span<ushort> halves);

    /// <summary>The exact value of each finite float16.</summary>
    internal abstract void FromHalves(ReadOnlySpan<ushort> halves, Span<float> values);

    /// <summary>
    /// hidden[i, r] (row-major, <paramref name="stride"/> between rows) = the dot product of sample i, for the samples
    /// <paramref name="from"/> .. <paramref name="to"/> - 1, and row r of <paramref name="down"/>, each a
    /// <see cref="Lanes"/>-way reduction: the bits of <see cref="DotRows"/> on decoded values.
    /// </summary>
    /// <param name="rows">The samples.</param>
    /// <param name="from">The first; its result comes first in <paramref name="hidden"/>.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="down">rank x values of a sample.</param>
    /// <param name="rank">The rows of <paramref name="down"/>.</param>
    /// <param name="hidden">The results.</param>
    /// <param name="stride">From one sample's results to the next's.</param>
    internal abstract void ProjectRows(RowBatch rows, int from, int to, ReadOnlySpan<float> down, int rank, Span<float> hidden, int stride);

    /// <summary>
    /// gradient (rank x values of a sample) += slopes^T (samples x rank) * samples, in the columns <paramref name="start"/>
    /// .. <paramref name="end"/> - 1: the bits of a product of decoded values, one chain over the samples in order.
    /// </summary>
    /// <param name="rows">The samples.</param>
    /// <param name="start">The first column, a multiple of 64.</param>
    /// <param name="end">One past the last column; a multiple of 64 or the end of the rows.</param>
    /// <param name="slopes">One row for each sample.</param>
    /// <param name="stride">From one sample's slopes to the next's.</param>
    /// <param name="rank">The slopes of a sample.</param>
    /// <param name="gradient">The whole matrix.</param>
    internal abstract void AddRowProducts(RowBatch rows, int start, int end, ReadOnlySpan<float> slopes, int stride, int rank, Span<float> gradient);

    /// <summary>
    /// One step of an optimizer on the columns <paramref name="start"/> .. <paramref name="end"/> - 1 of
    /// <paramref name="parameters"/> (rank x values of a sample), whose gradient is slopes^T * samples: the bits of
    /// <see cref="AddRowProducts"/> onto zeros and <see cref="Update"/>, without the gradient in memory.
    /// </summary>
    internal abstract void UpdateFromRows(
        RowBatch rows,
        int start,
        int end,
        ReadOnlySpan<float> slopes,
        int stride,
        int rank,
        in OptimizerStep step,
        Span<float> parameters,
        Span<float> first,
        Span<float> second);

    /// <summary>
    /// destination = start + left * right, for small matrices: nothing is copied into another order, which would cost more than
    /// the product. The bits are those of <see cref="MultiplyAdd(int, int, int, Matrix, Matrix, Span{float}, int)"/> onto a copy
    /// of the start.
    /// </summary>
    /// <param name="rows">Of the destination.</param>
    /// <param name="columns">Of the destination.</param>
    /// <param name="depth">The columns of the left factor.</param>
    /// <param name="left">rows x depth.</param>
    /// <param name="right">depth x columns.</param>
    /// <param name="rightStride">From one row of the right factor to the next.</param>
    /// <param name="start">rows x columns with the destination's stride, or empty for zeros.</param>
    /// <param name="destination">rows x columns.</param>
    /// <param name="stride">From one row of the destination to the next.</param>
    internal virtual void MultiplySmall(
        int rows, int columns, int depth, Matrix left, ReadOnlySpan<float> right, int rightStride, ReadOnlySpan<float> start, Span<float> destination, int stride)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = destination.Slice(i * stride, columns);
            if (start.IsEmpty)
                row.Clear();
            else
                start.Slice(i * stride, columns).CopyTo(row);
        }
        MultiplyAdd(rows, columns, depth, left, new Matrix(right, rightStride), destination, stride);
    }

    private protected static void CheckRows(RowBatch rows, int rank, int matrix, int samples, int perSample, int stride)
    {
        if (matrix != (long)rank * rows.Count)
            throw new ArgumentException($"a matrix of {matrix} values is not {rank}x{rows.Count}");
        if (samples > 0 && (rank > stride || (long)(samples - 1) * stride + rank > perSample))
            throw new ArgumentException($"{samples} samples of {rank} do not fit {perSample} values");
    }

    private protected static void CheckColumns(RowBatch rows, int start, int end)
    {
        if (start < 0 || start % BlockFormat.MaxValues != 0 || end > rows.Count || (end % BlockFormat.MaxValues != 0 && end != rows.Count))
            throw new ArgumentException($"the columns {start}..{end} of {rows.Count} are not whole blocks");
    }
}
