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
            for (int i = 0; i < rows; i += RowTile)
                SmallRows(Math.Min(RowTile, rows - i) - 1, columns, depth, l + (nint)i * left.RowStride, left.RowStride, left.ColumnStride, r, rightStride, d + (nint)i * stride, stride);
        }
    }

    /// <summary>Up to four rows of the result, a vector of columns at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SmallRows(int last, int columns, int depth, float* left, nint rowStride, nint depthStride, float* right, nint rightStride, float* destination, nint stride)
    {
        (nint i1, nint i2, nint i3) = (Math.Min(1, last), Math.Min(2, last), Math.Min(3, last));
        (nint l1, nint l2, nint l3) = (i1 * rowStride, i2 * rowStride, i3 * rowStride);
        for (int j = 0; j < columns; j += S.Width)
        {
            int rest = columns - j;
            float* d0 = destination + j;
            float* d1 = d0 + i1 * stride;
            float* d2 = d0 + i2 * stride;
            float* d3 = d0 + i3 * stride;
            V s0 = S.LoadPartial(d0, rest);
            V s1 = S.LoadPartial(d1, rest);
            V s2 = S.LoadPartial(d2, rest);
            V s3 = S.LoadPartial(d3, rest);
            float* x = left;
            float* y = right + j;
            for (int k = 0; k < depth; k++, x += depthStride, y += rightStride)
            {
                V factor = S.LoadPartial(y, rest);
                s0 = S.FusedMultiplyAdd(S.Broadcast(x[0]), factor, s0);
                s1 = S.FusedMultiplyAdd(S.Broadcast(x[l1]), factor, s1);
                s2 = S.FusedMultiplyAdd(S.Broadcast(x[l2]), factor, s2);
                s3 = S.FusedMultiplyAdd(S.Broadcast(x[l3]), factor, s3);
            }
            S.StorePartial(s0, d0, rest);
            S.StorePartial(s1, d1, rest);
            S.StorePartial(s2, d2, rest);
            S.StorePartial(s3, d3, rest);
        }
    }
}
