using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>The multiply-adds from which on copying into panels pays.</summary>
    private const long LargestSmall = 1 << 15;

    /// <summary>Fewer sums would wait for each other; more of them have no registers for their addresses.</summary>
    private const int SmallTile = 10;

    internal override void MultiplySmall(
        int rows, int columns, int depth, Matrix left, ReadOnlySpan<float> right, int rightStride, ReadOnlySpan<float> start, Span<float> destination, int stride)
    {
        if ((long)rows * columns * depth > LargestSmall)
        {
            base.MultiplySmall(rows, columns, depth, left, right, rightStride, start, destination, stride);
            return;
        }
        left.Check(rows, depth);
        new Matrix(right, rightStride).Check(depth, columns);
        CheckDestination(rows, columns, destination, stride);
        if (!start.IsEmpty)
            new Matrix(start, stride).Check(rows, columns);
        fixed (float* l = left.Values, r = right, s = start, d = destination)
        {
            for (int i = 0; i < rows; i += SmallTile)
            {
                nint at = (nint)i * stride;
                SmallRows(Math.Min(SmallTile, rows - i) - 1, columns, depth, l + (nint)i * left.RowStride, left.RowStride, left.ColumnStride, r, rightStride, s == null ? null : s + at, d + at, stride);
            }
        }
    }

    /// <summary>
    /// Up to ten rows of the result, a vector of columns at a time. Rows that are not there are the last once more.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void SmallRows(
        int last, int columns, int depth, float* left, nint rowStride, nint depthStride, float* right, nint rightStride, float* start, float* destination, nint stride)
    {
        (nint i1, nint i2, nint i3) = (Math.Min(1, last), Math.Min(2, last), Math.Min(3, last));
        (nint i4, nint i5, nint i6) = (Math.Min(4, last), Math.Min(5, last), Math.Min(6, last));
        (nint i7, nint i8, nint i9) = (Math.Min(7, last), Math.Min(8, last), last);
        (nint l1, nint l2, nint l3) = (i1 * rowStride, i2 * rowStride, i3 * rowStride);
        (nint l4, nint l5, nint l6) = (i4 * rowStride, i5 * rowStride, i6 * rowStride);
        (nint l7, nint l8, nint l9) = (i7 * rowStride, i8 * rowStride, i9 * rowStride);
        for (int j = 0; j < columns; j += V.Width)
        {
            int rest = columns - j;
            V s0 = V.Broadcast(0);
            V s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
            if (start != null)
            {
                float* s = start + j;
                (s0, s1, s2) = (V.LoadPartial(s, rest), V.LoadPartial(s + i1 * stride, rest), V.LoadPartial(s + i2 * stride, rest));
                (s3, s4, s5) = (V.LoadPartial(s + i3 * stride, rest), V.LoadPartial(s + i4 * stride, rest), V.LoadPartial(s + i5 * stride, rest));
                (s6, s7) = (V.LoadPartial(s + i6 * stride, rest), V.LoadPartial(s + i7 * stride, rest));
                (s8, s9) = (V.LoadPartial(s + i8 * stride, rest), V.LoadPartial(s + i9 * stride, rest));
            }
            float* x = left;
            float* y = right + j;
            for (int k = 0; k < depth; k++, x += depthStride, y += rightStride)
            {
                V factor = V.LoadPartial(y, rest);
                V.MultiplyAdd(ref s0, V.Broadcast(x[0]), factor);
                V.MultiplyAdd(ref s1, V.Broadcast(x[l1]), factor);
                V.MultiplyAdd(ref s2, V.Broadcast(x[l2]), factor);
                V.MultiplyAdd(ref s3, V.Broadcast(x[l3]), factor);
                V.MultiplyAdd(ref s4, V.Broadcast(x[l4]), factor);
                V.MultiplyAdd(ref s5, V.Broadcast(x[l5]), factor);
                V.MultiplyAdd(ref s6, V.Broadcast(x[l6]), factor);
                V.MultiplyAdd(ref s7, V.Broadcast(x[l7]), factor);
                V.MultiplyAdd(ref s8, V.Broadcast(x[l8]), factor);
                V.MultiplyAdd(ref s9, V.Broadcast(x[l9]), factor);
            }
            float* d = destination + j;
            V.StorePartial(s0, d, rest);
            V.StorePartial(s1, d + i1 * stride, rest);
            V.StorePartial(s2, d + i2 * stride, rest);
            V.StorePartial(s3, d + i3 * stride, rest);
            V.StorePartial(s4, d + i4 * stride, rest);
            V.StorePartial(s5, d + i5 * stride, rest);
            V.StorePartial(s6, d + i6 * stride, rest);
            V.StorePartial(s7, d + i7 * stride, rest);
            V.StorePartial(s8, d + i8 * stride, rest);
            V.StorePartial(s9, d + i9 * stride, rest);
        }
    }
}
