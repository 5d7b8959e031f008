using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    private const int RowTile = 4;
    private const int BlockValues = BlockFormat.MaxValues;

    internal override void ProjectRows(RowBatch rows, int from, int to, ReadOnlySpan<float> down, int rank, Span<float> hidden, int stride)
    {
        CheckRows(rows, rank, down.Length, to - from, hidden.Length, stride);
        fixed (float* matrix = down, results = hidden)
        {
            fixed (nint* addresses = rows.Addresses.AsSpan()[from..to])
            {
                Projection job = new(addresses, to - from, rows.Count, ScalesAt(rows.Format, rows.Count), Offset(rows.Format), matrix, rank, results, stride);
                switch (rows.Format.Bits)
                {
                    case 32:
                        Project<Float32Reader>(job);
                        break;
                    case 16:
                        Project<Float16Reader>(job);
                        break;
                    case 8:
                        Project<PackedReader<Bits8>>(job);
                        break;
                    case 4:
                        Project<PackedReader<Bits4>>(job);
                        break;
                    case 3:
                        Project<PackedReader<Bits3>>(job);
                        break;
                    default:
                        Project<PackedReader<Bits2>>(job);
                        break;
                }
            }
        }
    }

    private static int ScalesAt(RowFormat format, int count) => format.IsPacked ? format.ScalesAt(count) : 0;

    private static float Offset(RowFormat format) => format.IsPacked ? format.Block.Offset : 0;

    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
    private static void Project<R>(in Projection job)
        where R : struct, IRowReader
    {
        int groups = Lanes / V.Width;
        int apart = RowTile * RowTile * V.Width;
        float* sums = stackalloc float[RowTile * RowTile * Lanes];
        for (int i = 0; i < job.Samples; i += RowTile)
        {
            int samples = Math.Min(RowTile, job.Samples - i);
            for (int r = 0; r < job.Rank; r += RowTile)
            {
                int ranks = Math.Min(RowTile, job.Rank - r);
                // A vector narrower than sixteen lanes walks the depth once for each group of lanes.
                for (int group = 0; group < groups; group++)
                    ProjectTile<R>(job, i, samples - 1, r, ranks - 1, group * V.Width, sums + group * apart);
                if (groups == 1)
                    continue;
                float* results = job.Results + (nint)i * job.ResultStride + r;
                for (int sample = 0; sample < samples; sample++, results += job.ResultStride)
                {
                    float* at = sums + sample * RowTile * V.Width;
                    Simd.Simd128.StorePartial(V.SumLanes(Fold(ref *at, apart), Fold(ref at[V.Width], apart), Fold(ref at[2 * V.Width], apart), Fold(ref at[3 * V.Width], apart)), results, ranks);
                }
            }
        }
    }

    /// <summary>
    /// The partial sums of four samples by four rows in the lanes from <paramref name="lane"/> on; where that is all lanes,
    /// their sums go straight to the results.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void ProjectTile<R>(in Projection job, int sample, int lastSample, int rank, int lastRank, int lane, float* sums)
        where R : struct, IRowReader
    {
        nint* addresses = job.Rows + sample;
        byte* x0 = (byte*)addresses[0];
        byte* x1 = (byte*)addresses[Math.Min(1, lastSample)];
        byte* x2 = (byte*)addresses[Math.Min(2, lastSample)];
        byte* x3 = (byte*)addresses[Math.Min(3, lastSample)];
        int count = job.Count;
        float* a0 = job.Matrix + (nint)rank * count + lane;
        float* a1 = a0 + (nint)Math.Min(1, lastRank) * count;
        float* a2 = a0 + (nint)Math.Min(2, lastRank) * count;
        float* a3 = a0 + (nint)Math.Min(3, lastRank) * count;
        int scalesAt = job.ScalesAt;
        V origin = R.Origin(job.Offset);
        V s00 = V.Broadcast(0);
        V s01 = s00, s02 = s00, s03 = s00;
        V s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        V s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int block = 0, at = 0; at < count; block++)
        {
            int end = R.HasScales ? Math.Min(at + BlockValues, count) : count;
            int scale0 = R.Scale(x0, scalesAt, block);
            int scale1 = R.Scale(x1, scalesAt, block);
            int scale2 = R.Scale(x2, scalesAt, block);
            int scale3 = R.Scale(x3, scalesAt, block);
            if (R.HasScales && ((scale0 | scale1 | scale2 | scale3) & 0x7FFF) == 0)
            {
                at = end;
                continue;
            }
            V k0 = R.Key(origin, scale0);
            V k1 = R.Key(origin, scale1);
            V k2 = R.Key(origin, scale2);
            V k3 = R.Key(origin, scale3);
            V y0, y1, y2, y3;
            for (; at <= end - 32; at += 32)
            {
                (y0, y1, y2, y3) = (Get(a0, at), Get(a1, at), Get(a2, at), Get(a3, at));
                MultiplyAdd(R.Load(x0, at, 0, lane, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                MultiplyAdd(R.Load(x1, at, 0, lane, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                MultiplyAdd(R.Load(x2, at, 0, lane, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                MultiplyAdd(R.Load(x3, at, 0, lane, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                (y0, y1, y2, y3) = (Get(a0, at + 16), Get(a1, at + 16), Get(a2, at + 16), Get(a3, at + 16));
                MultiplyAdd(R.Load(x0, at, 16, lane, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                MultiplyAdd(R.Load(x1, at, 16, lane, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                MultiplyAdd(R.Load(x2, at, 16, lane, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                MultiplyAdd(R.Load(x3, at, 16, lane, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
            }
            if (at < end)
            {
                int rest = end - at - lane;
                (y0, y1, y2, y3) = (V.LoadPartial(a0 + at, rest), V.LoadPartial(a1 + at, rest), V.LoadPartial(a2 + at, rest), V.LoadPartial(a3 + at, rest));
                MultiplyAdd(R.LoadPartial(x0, at, 0, lane, rest, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                MultiplyAdd(R.LoadPartial(x1, at, 0, lane, rest, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                MultiplyAdd(R.LoadPartial(x2, at, 0, lane, rest, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                MultiplyAdd(R.LoadPartial(x3, at, 0, lane, rest, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                if (at + 16 < end)
                {
                    rest -= 16;
                    (y0, y1, y2, y3) = (
                        V.LoadPartial(a0 + at + 16, rest), V.LoadPartial(a1 + at + 16, rest), V.LoadPartial(a2 + at + 16, rest), V.LoadPartial(a3 + at + 16, rest));
                    MultiplyAdd(R.LoadPartial(x0, at, 16, lane, rest, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                    MultiplyAdd(R.LoadPartial(x1, at, 16, lane, rest, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                    MultiplyAdd(R.LoadPartial(x2, at, 16, lane, rest, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                    MultiplyAdd(R.LoadPartial(x3, at, 16, lane, rest, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                }
                at = end;
            }
        }
        if (V.Width == Lanes)
        {
            float* results = job.Results + (nint)sample * job.ResultStride + rank;
            Simd.Simd128.StorePartial(V.SumLanes(s00, s01, s02, s03), results, lastRank + 1);
            if (lastSample > 0)
                Simd.Simd128.StorePartial(V.SumLanes(s10, s11, s12, s13), results + job.ResultStride, lastRank + 1);
            if (lastSample > 1)
                Simd.Simd128.StorePartial(V.SumLanes(s20, s21, s22, s23), results + 2 * (nint)job.ResultStride, lastRank + 1);
            if (lastSample > 2)
                Simd.Simd128.StorePartial(V.SumLanes(s30, s31, s32, s33), results + 3 * (nint)job.ResultStride, lastRank + 1);
            return;
        }
        nuint w = (nuint)V.Width;
        Put(ref *sums, 0, s00, s01, s02, s03);
        Put(ref *sums, 4 * w, s10, s11, s12, s13);
        Put(ref *sums, 8 * w, s20, s21, s22, s23);
        Put(ref *sums, 12 * w, s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Get(float* source, int at) => V.Load(ref *source, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(V x, V y0, V y1, V y2, V y3, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        V.MultiplyAdd(ref s0, x, y0);
        V.MultiplyAdd(ref s1, x, y1);
        V.MultiplyAdd(ref s2, x, y2);
        V.MultiplyAdd(ref s3, x, y3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float destination, nuint at, V s0, V s1, V s2, V s3)
    {
        nuint w = (nuint)V.Width;
        V.Store(s0, ref destination, at);
        V.Store(s1, ref destination, at + w);
        V.Store(s2, ref destination, at + 2 * w);
        V.Store(s3, ref destination, at + 3 * w);
    }

    /// <summary>Dot products of rows that lie anywhere with the rows of a matrix.</summary>
    private readonly struct Projection(nint* rows, int samples, int count, int scalesAt, float offset, float* matrix, int rank, float* results, int resultStride)
    {
        public readonly nint* Rows = rows;
        public readonly int Samples = samples;
        public readonly int Count = count;
        public readonly int ScalesAt = scalesAt;
        public readonly float Offset = offset;
        public readonly float* Matrix = matrix;
        public readonly int Rank = rank;
        public readonly float* Results = results;
        public readonly int ResultStride = resultStride;
    }
}
