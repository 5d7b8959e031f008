using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    /// <summary>Rows of a tile: six, so that twelve sums, two vectors and a broadcast fit sixteen registers.</summary>
    private const int TileRows = 6;

    internal override void MultiplyAdd(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride)
    {
        left.Check(rows, depth);
        right.Check(depth, columns);
        CheckDestination(rows, columns, destination, stride);
        if (rows == 0 || depth == 0)
            return;
        for (int column = 0; column < columns;)
        {
            int left0 = columns - column;
            int width = left0 > S.Width ? 2 * S.Width : S.Width;
            int count = Math.Min(width, left0);
            ReadOnlySpan<float> panel;
            int panelStride;
            if (right.ColumnStride == 1 && count == width)
            {
                panel = right.Values[column..];
                panelStride = right.RowStride;
            }
            else
            {
                panel = Pack(right, column, count, depth, width);
                panelStride = width;
            }
            for (int row = 0; row < rows; row += TileRows)
                Tile(Math.Min(TileRows, rows - row), count, width, depth, left, row, panel, panelStride, destination[(row * stride + column)..], stride);
            column += count;
        }
    }

    /// <summary>Copies columns of the right matrix side by side (depth x width), zeros in the columns it lacks.</summary>
    private static Span<float> Pack(Matrix right, int column, int count, int depth, int width)
    {
        Span<float> panel = Scratch.Get(Scratch.Purpose.Panel, depth * width);
        if (right.ColumnStride == 1)
        {
            for (int k = 0; k < depth; k++)
            {
                Span<float> line = panel.Slice(k * width, width);
                right.Values.Slice(k * right.RowStride + column, count).CopyTo(line);
                line[count..].Clear();
            }
            return panel;
        }
        if (count < width)
            panel.Clear();
        ref float to = ref MemoryMarshal.GetReference(panel);
        for (int j = 0; j < count; j++)
        {
            ref float from = ref Unsafe.Add(ref Start(right.Values), (column + j) * right.ColumnStride);
            for (int k = 0; k < depth; k++)
                Unsafe.Add(ref to, k * width + j) = Unsafe.Add(ref from, k * right.RowStride);
        }
        return panel;
    }

    // A tile smaller than the registers goes through a copy; rows it lacks repeat its last one.
    private static void Tile(
        int rows, int columns, int width, int depth, Matrix left, int row, ReadOnlySpan<float> panel, int panelStride, Span<float> destination, int stride)
    {
        ref float a = ref Unsafe.Add(ref Start(left.Values), row * left.RowStride);
        if (rows == TileRows && columns == width)
        {
            Compute(rows, width, depth, ref a, left.RowStride, left.ColumnStride, ref Start(panel), panelStride, ref Start(destination), stride);
            return;
        }
        Span<float> copy = stackalloc float[TileRows * 2 * Lanes];
        for (int i = 0; i < rows; i++)
            destination.Slice(i * stride, columns).CopyTo(copy[(i * width)..]);
        Compute(rows, width, depth, ref a, left.RowStride, left.ColumnStride, ref Start(panel), panelStride, ref Start(copy), width);
        for (int i = 0; i < rows; i++)
            copy.Slice(i * width, columns).CopyTo(destination[(i * stride)..]);
    }

    private static void Compute(
        int rows, int width, int depth, ref float a, int rowStride, int columnStride, ref float b, int panelStride, ref float c, int stride)
    {
        if (width == S.Width)
            ComputeNarrow(rows - 1, depth, ref a, rowStride, columnStride, ref b, panelStride, ref c, stride);
        else
            ComputeWide(rows - 1, depth, ref a, rowStride, columnStride, ref b, panelStride, ref c, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeWide(int last, int depth, ref float a, int rowStride, int columnStride, ref float b, int panelStride, ref float c, int stride)
    {
        ref float a0 = ref a;
        ref float a1 = ref Unsafe.Add(ref a, Math.Min(1, last) * rowStride);
        ref float a2 = ref Unsafe.Add(ref a, Math.Min(2, last) * rowStride);
        ref float a3 = ref Unsafe.Add(ref a, Math.Min(3, last) * rowStride);
        ref float a4 = ref Unsafe.Add(ref a, Math.Min(4, last) * rowStride);
        ref float a5 = ref Unsafe.Add(ref a, Math.Min(5, last) * rowStride);
        nuint s = (nuint)stride;
        nuint w = (nuint)S.Width;
        V c00 = S.Load(ref c, 0), c01 = S.Load(ref c, w);
        V c10 = S.Load(ref c, s), c11 = S.Load(ref c, s + w);
        V c20 = S.Load(ref c, 2 * s), c21 = S.Load(ref c, 2 * s + w);
        V c30 = S.Load(ref c, 3 * s), c31 = S.Load(ref c, 3 * s + w);
        V c40 = S.Load(ref c, 4 * s), c41 = S.Load(ref c, 4 * s + w);
        V c50 = S.Load(ref c, 5 * s), c51 = S.Load(ref c, 5 * s + w);
        nuint at = 0;
        nuint line = 0;
        for (int k = 0; k < depth; k++)
        {
            V b0 = S.Load(ref b, line);
            V b1 = S.Load(ref b, line + w);
            V left = S.Broadcast(Unsafe.Add(ref a0, at));
            c00 = S.FusedMultiplyAdd(left, b0, c00);
            c01 = S.FusedMultiplyAdd(left, b1, c01);
            left = S.Broadcast(Unsafe.Add(ref a1, at));
            c10 = S.FusedMultiplyAdd(left, b0, c10);
            c11 = S.FusedMultiplyAdd(left, b1, c11);
            left = S.Broadcast(Unsafe.Add(ref a2, at));
            c20 = S.FusedMultiplyAdd(left, b0, c20);
            c21 = S.FusedMultiplyAdd(left, b1, c21);
            left = S.Broadcast(Unsafe.Add(ref a3, at));
            c30 = S.FusedMultiplyAdd(left, b0, c30);
            c31 = S.FusedMultiplyAdd(left, b1, c31);
            left = S.Broadcast(Unsafe.Add(ref a4, at));
            c40 = S.FusedMultiplyAdd(left, b0, c40);
            c41 = S.FusedMultiplyAdd(left, b1, c41);
            left = S.Broadcast(Unsafe.Add(ref a5, at));
            c50 = S.FusedMultiplyAdd(left, b0, c50);
            c51 = S.FusedMultiplyAdd(left, b1, c51);
            at += (nuint)columnStride;
            line += (nuint)panelStride;
        }
        S.Store(c00, ref c, 0);
        S.Store(c01, ref c, w);
        S.Store(c10, ref c, s);
        S.Store(c11, ref c, s + w);
        S.Store(c20, ref c, 2 * s);
        S.Store(c21, ref c, 2 * s + w);
        S.Store(c30, ref c, 3 * s);
        S.Store(c31, ref c, 3 * s + w);
        S.Store(c40, ref c, 4 * s);
        S.Store(c41, ref c, 4 * s + w);
        S.Store(c50, ref c, 5 * s);
        S.Store(c51, ref c, 5 * s + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeNarrow(int last, int depth, ref float a, int rowStride, int columnStride, ref float b, int panelStride, ref float c, int stride)
    {
        ref float a0 = ref a;
        ref float a1 = ref Unsafe.Add(ref a, Math.Min(1, last) * rowStride);
        ref float a2 = ref Unsafe.Add(ref a, Math.Min(2, last) * rowStride);
        ref float a3 = ref Unsafe.Add(ref a, Math.Min(3, last) * rowStride);
        ref float a4 = ref Unsafe.Add(ref a, Math.Min(4, last) * rowStride);
        ref float a5 = ref Unsafe.Add(ref a, Math.Min(5, last) * rowStride);
        nuint s = (nuint)stride;
        V c00 = S.Load(ref c, 0);
        V c10 = S.Load(ref c, s);
        V c20 = S.Load(ref c, 2 * s);
        V c30 = S.Load(ref c, 3 * s);
        V c40 = S.Load(ref c, 4 * s);
        V c50 = S.Load(ref c, 5 * s);
        nuint at = 0;
        nuint line = 0;
        for (int k = 0; k < depth; k++)
        {
            V b0 = S.Load(ref b, line);
            V left = S.Broadcast(Unsafe.Add(ref a0, at));
            c00 = S.FusedMultiplyAdd(left, b0, c00);
            left = S.Broadcast(Unsafe.Add(ref a1, at));
            c10 = S.FusedMultiplyAdd(left, b0, c10);
            left = S.Broadcast(Unsafe.Add(ref a2, at));
            c20 = S.FusedMultiplyAdd(left, b0, c20);
            left = S.Broadcast(Unsafe.Add(ref a3, at));
            c30 = S.FusedMultiplyAdd(left, b0, c30);
            left = S.Broadcast(Unsafe.Add(ref a4, at));
            c40 = S.FusedMultiplyAdd(left, b0, c40);
            left = S.Broadcast(Unsafe.Add(ref a5, at));
            c50 = S.FusedMultiplyAdd(left, b0, c50);
            at += (nuint)columnStride;
            line += (nuint)panelStride;
        }
        S.Store(c00, ref c, 0);
        S.Store(c10, ref c, s);
        S.Store(c20, ref c, 2 * s);
        S.Store(c30, ref c, 3 * s);
        S.Store(c40, ref c, 4 * s);
        S.Store(c50, ref c, 5 * s);
    }
}
