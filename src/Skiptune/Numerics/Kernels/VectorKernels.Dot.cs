using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    private const int DotTile = 4;

    internal override void DotRows(
        int rows, int columns, int depth, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, Span<float> destination, int stride)
    {
        new Matrix(left, leftStride).Check(rows, depth);
        new Matrix(right, rightStride).Check(columns, depth);
        CheckDestination(rows, columns, destination, stride);
        int whole = depth / Lanes * Lanes;
        Span<float> sums = stackalloc float[DotTile * DotTile * Lanes];
        Span<float> ends = stackalloc float[2 * DotTile * Lanes];
        Span<int> places = stackalloc int[DotTile];
        Span<int> endPlaces = stackalloc int[DotTile];
        for (int j = 0; j < columns; j += DotTile)
        {
            int tileColumns = Math.Min(DotTile, columns - j);
            Span<float> rightEnds = ends[(DotTile * Lanes)..];
            for (int c = 0; c < DotTile; c++)
            {
                places[c] = Math.Min(c, tileColumns - 1) * rightStride;
                endPlaces[c] = Math.Min(c, tileColumns - 1) * Lanes;
            }
            CopyEnds(right[(j * rightStride)..], rightStride, tileColumns, whole, depth, rightEnds);
            for (int i = 0; i < rows; i += DotTile)
            {
                int tileRows = Math.Min(DotTile, rows - i);
                SumProducts(
                    tileRows, 1, whole, ref Unsafe.Add(ref Start(left), i * leftStride), leftStride, 0, ref Unsafe.Add(ref Start(right), j * rightStride), 0, places, sums, false);
                if (whole < depth)
                {
                    CopyEnds(left[(i * leftStride)..], leftStride, tileRows, whole, depth, ends);
                    SumProducts(tileRows, 1, Lanes, ref ends[0], Lanes, 0, ref rightEnds[0], 0, endPlaces, sums, true);
                }
                for (int r = 0; r < tileRows; r++)
                {
                    for (int c = 0; c < tileColumns; c++)
                        destination[(i + r) * stride + j + c] = Combine(sums, r * DotTile + c);
                }
            }
        }
    }

    // What is less than sixteen values at the end of each row, zeros behind.
    private static void CopyEnds(ReadOnlySpan<float> rows, int stride, int count, int from, int to, Span<float> ends)
    {
        if (from == to)
            return;
        ends[..(count * Lanes)].Clear();
        for (int row = 0; row < count; row++)
            rows[(row * stride + from)..(row * stride + to)].CopyTo(ends[(row * Lanes)..]);
    }

    /// <summary>
    /// The sixteen partial sums of up to four rows by four, over runs of whole groups of sixteen values. The sums lie by
    /// group of lanes, then row by row: a vector narrower than sixteen lanes walks the values once for each group.
    /// </summary>
    private static void SumProducts(
        int rows,
        int runs,
        int length,
        ref float left,
        int rowStride,
        int leftRun,
        ref float right,
        int rightRun,
        ReadOnlySpan<int> places,
        Span<float> sums,
        bool add)
    {
        for (int lanes = 0; lanes < Lanes; lanes += V.Width)
        {
            SumRows<Four>(
                rows,
                runs,
                length,
                ref Unsafe.Add(ref left, lanes),
                rowStride,
                leftRun,
                ref Unsafe.Add(ref right, lanes),
                rightRun,
                ref MemoryMarshal.GetReference(places),
                ref sums[lanes * DotTile * DotTile],
                add);
        }
    }

    private static void SumRows<TRow>(
        int rows, int runs, int length, ref float left, int rowStride, int leftRun, ref float right, int rightRun, ref int places, ref float to, bool add)
        where TRow : struct, IRow<TRow>
    {
        if (rows == DotTile)
        {
            SumTile<Rows4<TRow>, TRow>(runs, length, ref left, (nuint)rowStride, leftRun, ref right, rightRun, ref places, ref to, add);
            return;
        }
        for (int row = 0; row < rows; row++)
        {
            SumTile<Rows1<TRow>, TRow>(
                runs, length, ref Unsafe.Add(ref left, row * rowStride), 0, leftRun, ref right, rightRun, ref places, ref Unsafe.Add(ref to, row * DotTile * V.Width), add);
        }
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void SumTile<TTile, TRow>(
        int runs, int length, ref float left, nuint rowStride, int leftRun, ref float right, int rightRun, ref int places, ref float to, bool add)
        where TTile : struct, ITile<TTile, TRow>
        where TRow : struct, IRow<TRow>
    {
        float zero = 0;
        TTile sums = add ? TTile.Load(ref to, (nuint)(DotTile * V.Width)) : TTile.Broadcast<Scalar>(ref zero, 0);
        for (int run = 0; run < runs; run++)
        {
            for (int at = 0; at < length; at += Lanes)
                TTile.MultiplyAdd<Vector>(ref sums, ref Unsafe.Add(ref left, at), rowStride, TRow.Load(ref Unsafe.Add(ref right, at), ref places));
            left = ref Unsafe.Add(ref left, leftRun);
            right = ref Unsafe.Add(ref right, rightRun);
        }
        TTile.Store(sums, ref to, (nuint)(DotTile * V.Width));
    }

    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
    internal override float Sum(ReadOnlySpan<float> values)
    {
        float* sums = stackalloc float[Lanes];
        int whole = values.Length / Lanes * Lanes;
        fixed (float* source = values)
        {
            for (int lane = 0; lane < Lanes; lane += V.Width)
            {
                V sum = V.Broadcast(0);
                for (int k = lane; k < whole; k += Lanes)
                    sum = V.Add(sum, Get(source, k));
                sum = V.Add(sum, V.LoadPartial(source + whole + lane, values.Length - whole - lane));
                V.Store(sum, ref sums[lane], 0);
            }
        }
        return V.SumLanes(Fold(ref *sums, V.Width));
    }

    // What is finite less itself is zero, anything else NaN, which every sum keeps. Four sums, for one would wait for itself.
    [MethodImpl(KernelCode.Optimized)]
    internal override bool AreFinite(ReadOnlySpan<float> values)
    {
        V s0 = V.Broadcast(0);
        V s1 = s0, s2 = s0, s3 = s0;
        fixed (float* source = values)
        {
            int w = V.Width;
            int at = 0;
            for (; at <= values.Length - 4 * w; at += 4 * w)
            {
                (V x0, V x1, V x2, V x3) = (Get(source, at), Get(source, at + w), Get(source, at + 2 * w), Get(source, at + 3 * w));
                (s0, s1) = (V.Add(s0, V.Subtract(x0, x0)), V.Add(s1, V.Subtract(x1, x1)));
                (s2, s3) = (V.Add(s2, V.Subtract(x2, x2)), V.Add(s3, V.Subtract(x3, x3)));
            }
            for (; at < values.Length; at += w)
            {
                V x = V.LoadPartial(source + at, values.Length - at);
                s0 = V.Add(s0, V.Subtract(x, x));
            }
        }
        return V.SumLanes(V.Add(V.Add(s0, s1), V.Add(s2, s3))) == 0;
    }

    private static float Combine(Span<float> sums, int tile) => V.SumLanes(Fold(ref sums[tile * V.Width], DotTile * DotTile * V.Width));

    // Halves onto halves across the groups of lanes, which lie so many values apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fold(ref float sums, int apart)
    {
        V first = V.Load(ref sums, 0);
        nuint next = (nuint)apart;
        if (V.Width == Lanes / 2)
            return V.Add(first, V.Load(ref sums, next));
        if (V.Width == Lanes / 4)
            return V.Add(V.Add(first, V.Load(ref sums, 2 * next)), V.Add(V.Load(ref sums, next), V.Load(ref sums, 3 * next)));
        return first;
    }
}
