using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
{
    /// <summary>The multiply-adds from which on copying into panels pays.</summary>
    private const long LargestSmall = 1 << 15;

    internal override void MultiplyAddSmall(
        int rows, int columns, int depth, Matrix left, ReadOnlySpan<float> right, int rightStride, Span<float> destination, int stride)
    {
        if ((long)rows * columns * depth > LargestSmall)
        {
            MultiplyAdd(rows, columns, depth, left, new Matrix(right, rightStride), destination, stride);
            return;
        }
        left.Check(rows, depth);
        new Matrix(right, rightStride).Check(depth, columns);
        CheckDestination(rows, columns, destination, stride);
        fixed (float* l = left.Values, r = right, d = destination)
        {
            for (int i = 0; i < rows; i += TallestTile)
                SmallRows(Math.Min(TallestTile, rows - i) - 1, columns, depth, l + (nint)i * left.RowStride, left.RowStride, left.ColumnStride, r, rightStride, d + (nint)i * stride, stride);
        }
    }

    /// <summary>
    /// Up to eight rows of the result, a vector of columns at a time: fewer sums would wait for each other. Rows that are not
    /// there are the last once more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SmallRows(int last, int columns, int depth, float* left, nint rowStride, nint depthStride, float* right, nint rightStride, float* destination, nint stride)
    {
        (nint i1, nint i2, nint i3, nint i4) = (Math.Min(1, last), Math.Min(2, last), Math.Min(3, last), Math.Min(4, last));
        (nint i5, nint i6, nint i7) = (Math.Min(5, last), Math.Min(6, last), last);
        (nint l1, nint l2, nint l3, nint l4) = (i1 * rowStride, i2 * rowStride, i3 * rowStride, i4 * rowStride);
        (nint l5, nint l6, nint l7) = (i5 * rowStride, i6 * rowStride, i7 * rowStride);
        for (int j = 0; j < columns; j += S.Width)
        {
            int rest = columns - j;
            float* d = destination + j;
            (V s0, V s1) = (S.LoadPartial(d, rest), S.LoadPartial(d + i1 * stride, rest));
            (V s2, V s3) = (S.LoadPartial(d + i2 * stride, rest), S.LoadPartial(d + i3 * stride, rest));
            (V s4, V s5) = (S.LoadPartial(d + i4 * stride, rest), S.LoadPartial(d + i5 * stride, rest));
            (V s6, V s7) = (S.LoadPartial(d + i6 * stride, rest), S.LoadPartial(d + i7 * stride, rest));
            float* x = left;
            float* y = right + j;
            for (int k = 0; k < depth; k++, x += depthStride, y += rightStride)
            {
                V factor = S.LoadPartial(y, rest);
                s0 = S.FusedMultiplyAdd(S.Broadcast(x[0]), factor, s0);
                s1 = S.FusedMultiplyAdd(S.Broadcast(x[l1]), factor, s1);
                s2 = S.FusedMultiplyAdd(S.Broadcast(x[l2]), factor, s2);
                s3 = S.FusedMultiplyAdd(S.Broadcast(x[l3]), factor, s3);
                s4 = S.FusedMultiplyAdd(S.Broadcast(x[l4]), factor, s4);
                s5 = S.FusedMultiplyAdd(S.Broadcast(x[l5]), factor, s5);
                s6 = S.FusedMultiplyAdd(S.Broadcast(x[l6]), factor, s6);
                s7 = S.FusedMultiplyAdd(S.Broadcast(x[l7]), factor, s7);
            }
            S.StorePartial(s0, d, rest);
            S.StorePartial(s1, d + i1 * stride, rest);
            S.StorePartial(s2, d + i2 * stride, rest);
            S.StorePartial(s3, d + i3 * stride, rest);
            S.StorePartial(s4, d + i4 * stride, rest);
            S.StorePartial(s5, d + i5 * stride, rest);
            S.StorePartial(s6, d + i6 * stride, rest);
            S.StorePartial(s7, d + i7 * stride, rest);
        }
    }
}
