using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    private const int DotTile = 4;

    internal override void DotRows(
        int rows, int columns, int depth, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, Span<float> destination, int stride)
    {
        new Matrix(left, leftStride).Check(rows, depth);
        new Matrix(right, rightStride).Check(columns, depth);
        CheckDestination(rows, columns, destination, stride);
        Span<float> sums = stackalloc float[DotTile * DotTile * Lanes];
        for (int j = 0; j < columns; j += DotTile)
        {
            for (int i = 0; i < rows; i += DotTile)
            {
                int tileRows = Math.Min(DotTile, rows - i);
                int tileColumns = Math.Min(DotTile, columns - j);
                // A vector narrower than sixteen lanes walks the depth once for each group of lanes.
                for (int group = 0; group < Lanes / S.Width; group++)
                {
                    SumGroup(
                        depth,
                        group,
                        ref Unsafe.Add(ref Start(left), i * leftStride),
                        leftStride,
                        tileRows - 1,
                        ref Unsafe.Add(ref Start(right), j * rightStride),
                        rightStride,
                        tileColumns - 1,
                        ref sums[group * DotTile * DotTile * S.Width]);
                }
                for (int r = 0; r < tileRows; r++)
                {
                    for (int c = 0; c < tileColumns; c++)
                        destination[(i + r) * stride + j + c] = Combine(sums, r * DotTile + c);
                }
            }
        }
    }

    internal override float Sum(ReadOnlySpan<float> values)
    {
        Span<float> sums = stackalloc float[Lanes];
        ref float source = ref Start(values);
        int whole = values.Length / Lanes * Lanes;
        for (int lane = 0; lane < Lanes; lane += S.Width)
        {
            V sum = S.Broadcast(0);
            for (int k = 0; k < whole; k += Lanes)
                sum = S.Add(sum, S.Load(ref source, (nuint)(k + lane)));
            if (whole + lane < values.Length)
                sum = S.Add(sum, LoadPartial(ref source, (nuint)(whole + lane), values.Length - whole - lane));
            S.Store(sum, ref sums[lane], 0);
        }
        return SumLanes(sums);
    }

    // Halves onto halves: first across the groups, then across the lanes of one vector.
    private static float Combine(Span<float> sums, int tile)
    {
        int groups = Lanes / S.Width;
        nuint at = (nuint)(tile * S.Width);
        nuint next = (nuint)(DotTile * DotTile * S.Width);
        V v0 = S.Load(ref sums[0], at);
        if (groups == 2)
            v0 = S.Add(v0, S.Load(ref sums[0], at + next));
        if (groups == 4)
        {
            V v1 = S.Load(ref sums[0], at + next);
            v0 = S.Add(v0, S.Load(ref sums[0], at + 2 * next));
            v1 = S.Add(v1, S.Load(ref sums[0], at + 3 * next));
            v0 = S.Add(v0, v1);
        }
        return S.SumLanes(v0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumGroup(
        int depth, int group, ref float a, int aStride, int aLast, ref float b, int bStride, int bLast, ref float sums)
    {
        ref float a0 = ref a;
        ref float a1 = ref Unsafe.Add(ref a, Math.Min(1, aLast) * aStride);
        ref float a2 = ref Unsafe.Add(ref a, Math.Min(2, aLast) * aStride);
        ref float a3 = ref Unsafe.Add(ref a, Math.Min(3, aLast) * aStride);
        ref float b0 = ref b;
        ref float b1 = ref Unsafe.Add(ref b, Math.Min(1, bLast) * bStride);
        ref float b2 = ref Unsafe.Add(ref b, Math.Min(2, bLast) * bStride);
        ref float b3 = ref Unsafe.Add(ref b, Math.Min(3, bLast) * bStride);
        V s00 = S.Broadcast(0);
        V s01 = s00, s02 = s00, s03 = s00;
        V s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        V s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        int whole = depth / Lanes * Lanes;
        int start = group * S.Width;
        int available = depth - whole - start;
        for (int k = start; k < depth; k += Lanes)
        {
            nuint at = (nuint)k;
            V x0, x1, x2, x3, y0, y1, y2, y3;
            if (k < whole)
            {
                (x0, x1, x2, x3) = (S.Load(ref a0, at), S.Load(ref a1, at), S.Load(ref a2, at), S.Load(ref a3, at));
                (y0, y1, y2, y3) = (S.Load(ref b0, at), S.Load(ref b1, at), S.Load(ref b2, at), S.Load(ref b3, at));
            }
            else
            {
                x0 = LoadPartial(ref a0, at, available);
                x1 = LoadPartial(ref a1, at, available);
                x2 = LoadPartial(ref a2, at, available);
                x3 = LoadPartial(ref a3, at, available);
                y0 = LoadPartial(ref b0, at, available);
                y1 = LoadPartial(ref b1, at, available);
                y2 = LoadPartial(ref b2, at, available);
                y3 = LoadPartial(ref b3, at, available);
            }
            s00 = S.FusedMultiplyAdd(x0, y0, s00);
            s01 = S.FusedMultiplyAdd(x0, y1, s01);
            s02 = S.FusedMultiplyAdd(x0, y2, s02);
            s03 = S.FusedMultiplyAdd(x0, y3, s03);
            s10 = S.FusedMultiplyAdd(x1, y0, s10);
            s11 = S.FusedMultiplyAdd(x1, y1, s11);
            s12 = S.FusedMultiplyAdd(x1, y2, s12);
            s13 = S.FusedMultiplyAdd(x1, y3, s13);
            s20 = S.FusedMultiplyAdd(x2, y0, s20);
            s21 = S.FusedMultiplyAdd(x2, y1, s21);
            s22 = S.FusedMultiplyAdd(x2, y2, s22);
            s23 = S.FusedMultiplyAdd(x2, y3, s23);
            s30 = S.FusedMultiplyAdd(x3, y0, s30);
            s31 = S.FusedMultiplyAdd(x3, y1, s31);
            s32 = S.FusedMultiplyAdd(x3, y2, s32);
            s33 = S.FusedMultiplyAdd(x3, y3, s33);
        }
        nuint w = (nuint)S.Width;
        S.Store(s00, ref sums, 0);
        S.Store(s01, ref sums, w);
        S.Store(s02, ref sums, 2 * w);
        S.Store(s03, ref sums, 3 * w);
        S.Store(s10, ref sums, 4 * w);
        S.Store(s11, ref sums, 5 * w);
        S.Store(s12, ref sums, 6 * w);
        S.Store(s13, ref sums, 7 * w);
        S.Store(s20, ref sums, 8 * w);
        S.Store(s21, ref sums, 9 * w);
        S.Store(s22, ref sums, 10 * w);
        S.Store(s23, ref sums, 11 * w);
        S.Store(s30, ref sums, 12 * w);
        S.Store(s31, ref sums, 13 * w);
        S.Store(s32, ref sums, 14 * w);
        S.Store(s33, ref sums, 15 * w);
    }
}
