using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
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

    internal override void AddRowProducts(RowBatch rows, int start, int end, ReadOnlySpan<float> slopes, int stride, int rank, Span<float> gradient)
    {
        CheckColumns(rows, start, end);
        CheckRows(rows, rank, gradient.Length, rows.Addresses.Length, slopes.Length, stride);
        fixed (float* slope = slopes, matrix = gradient)
        {
            fixed (nint* addresses = rows.Addresses, following = rows.Following)
            {
                Products job = new(addresses, following, rows.Addresses.Length, rows.Count, ScalesAt(rows.Format, rows.Count), Offset(rows.Format), slope, stride, rank);
                SumColumns(rows.Format.Bits, job, start, end, new GradientSink(matrix));
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
        CheckColumns(rows, start, end);
        CheckRows(rows, rank, parameters.Length, rows.Addresses.Length, slopes.Length, stride);
        int states = step.Rule switch { UpdateRule.Sgd => 0, UpdateRule.Momentum => 1, _ => 2 };
        CheckLengths(parameters.Length, parameters.Length, states > 0 ? first.Length : -1, states > 1 ? second.Length : -1);
        fixed (float* slope = slopes, parameter = parameters, state0 = first, state1 = second)
        {
            fixed (nint* addresses = rows.Addresses, following = rows.Following)
            {
                Products job = new(addresses, following, rows.Addresses.Length, rows.Count, ScalesAt(rows.Format, rows.Count), Offset(rows.Format), slope, stride, rank);
                switch (step.Rule)
                {
                    case UpdateRule.Sgd when step.Decay == 0:
                        SumColumns(rows.Format.Bits, job, start, end, new UpdateSink<PlainSgdUpdate>(new PlainSgdUpdate(step.Rate), parameter, state0, state1));
                        break;
                    case UpdateRule.Sgd:
                        SumColumns(rows.Format.Bits, job, start, end, new UpdateSink<SgdUpdate>(new SgdUpdate(step.Rate, step.Decay), parameter, state0, state1));
                        break;
                    case UpdateRule.Momentum:
                        SumColumns(rows.Format.Bits, job, start, end, new UpdateSink<MomentumUpdate>(new MomentumUpdate(step.Rate, step.MomentumFactor, step.Decay), parameter, state0, state1));
                        break;
                    default:
                        SumColumns(rows.Format.Bits, job, start, end, new UpdateSink<AdamUpdate>(new AdamUpdate(step.AdamConstants), parameter, state0, state1));
                        break;
                }
            }
        }
    }

    private static int ScalesAt(RowFormat format, int count) => format.IsPacked ? format.ScalesAt(count) : 0;

    private static float Offset(RowFormat format) => format.IsPacked ? format.Block.Offset : 0;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Project<R>(in Projection job)
        where R : struct, IRowReader
    {
        int groups = Lanes / S.Width;
        int apart = RowTile * RowTile * S.Width;
        float* sums = stackalloc float[RowTile * RowTile * Lanes];
        for (int i = 0; i < job.Samples; i += RowTile)
        {
            int samples = Math.Min(RowTile, job.Samples - i);
            for (int r = 0; r < job.Rank; r += RowTile)
            {
                int ranks = Math.Min(RowTile, job.Rank - r);
                // A vector narrower than sixteen lanes walks the depth once for each group of lanes.
                for (int group = 0; group < groups; group++)
                    ProjectTile<R>(job, i, samples - 1, r, ranks - 1, group * S.Width, sums + group * apart);
                if (groups == 1)
                    continue;
                float* results = job.Results + (nint)i * job.ResultStride + r;
                for (int sample = 0; sample < samples; sample++, results += job.ResultStride)
                {
                    float* at = sums + sample * RowTile * S.Width;
                    Simd.Simd128.StorePartial(S.SumLanes(Fold(ref *at, apart), Fold(ref at[S.Width], apart), Fold(ref at[2 * S.Width], apart), Fold(ref at[3 * S.Width], apart)), results, ranks);
                }
            }
        }
    }

    /// <summary>
    /// The partial sums of four samples by four rows in the lanes from <paramref name="lane"/> on; where that is all lanes,
    /// their sums go straight to the results.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        V s00 = S.Broadcast(0);
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
                (y0, y1, y2, y3) = (S.LoadPartial(a0 + at, rest), S.LoadPartial(a1 + at, rest), S.LoadPartial(a2 + at, rest), S.LoadPartial(a3 + at, rest));
                MultiplyAdd(R.LoadPartial(x0, at, 0, lane, rest, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                MultiplyAdd(R.LoadPartial(x1, at, 0, lane, rest, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                MultiplyAdd(R.LoadPartial(x2, at, 0, lane, rest, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                MultiplyAdd(R.LoadPartial(x3, at, 0, lane, rest, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                if (at + 16 < end)
                {
                    rest -= 16;
                    (y0, y1, y2, y3) = (
                        S.LoadPartial(a0 + at + 16, rest), S.LoadPartial(a1 + at + 16, rest), S.LoadPartial(a2 + at + 16, rest), S.LoadPartial(a3 + at + 16, rest));
                    MultiplyAdd(R.LoadPartial(x0, at, 16, lane, rest, origin, k0), y0, y1, y2, y3, ref s00, ref s01, ref s02, ref s03);
                    MultiplyAdd(R.LoadPartial(x1, at, 16, lane, rest, origin, k1), y0, y1, y2, y3, ref s10, ref s11, ref s12, ref s13);
                    MultiplyAdd(R.LoadPartial(x2, at, 16, lane, rest, origin, k2), y0, y1, y2, y3, ref s20, ref s21, ref s22, ref s23);
                    MultiplyAdd(R.LoadPartial(x3, at, 16, lane, rest, origin, k3), y0, y1, y2, y3, ref s30, ref s31, ref s32, ref s33);
                }
                at = end;
            }
        }
        if (S.Width == Lanes)
        {
            float* results = job.Results + (nint)sample * job.ResultStride + rank;
            Simd.Simd128.StorePartial(S.SumLanes(s00, s01, s02, s03), results, lastRank + 1);
            if (lastSample > 0)
                Simd.Simd128.StorePartial(S.SumLanes(s10, s11, s12, s13), results + job.ResultStride, lastRank + 1);
            if (lastSample > 1)
                Simd.Simd128.StorePartial(S.SumLanes(s20, s21, s22, s23), results + 2 * (nint)job.ResultStride, lastRank + 1);
            if (lastSample > 2)
                Simd.Simd128.StorePartial(S.SumLanes(s30, s31, s32, s33), results + 3 * (nint)job.ResultStride, lastRank + 1);
            return;
        }
        nuint w = (nuint)S.Width;
        Put(ref *sums, 0, s00, s01, s02, s03);
        Put(ref *sums, 4 * w, s10, s11, s12, s13);
        Put(ref *sums, 8 * w, s20, s21, s22, s23);
        Put(ref *sums, 12 * w, s30, s31, s32, s33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Get(float* source, int at) => S.Load(ref *source, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(V x, V y0, V y1, V y2, V y3, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        s0 = S.FusedMultiplyAdd(x, y0, s0);
        s1 = S.FusedMultiplyAdd(x, y1, s1);
        s2 = S.FusedMultiplyAdd(x, y2, s2);
        s3 = S.FusedMultiplyAdd(x, y3, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float destination, nuint at, V s0, V s1, V s2, V s3)
    {
        nuint w = (nuint)S.Width;
        S.Store(s0, ref destination, at);
        S.Store(s1, ref destination, at + w);
        S.Store(s2, ref destination, at + 2 * w);
        S.Store(s3, ref destination, at + 3 * w);
    }

    private static void SumColumns<TSink>(int bits, in Products job, int column, int end, in TSink sink)
        where TSink : struct, ISink
    {
        switch (bits)
        {
            case 32:
                SumColumns<Float32Reader, TSink>(job, column, end, sink);
                break;
            case 16:
                SumColumns<Float16Reader, TSink>(job, column, end, sink);
                break;
            case 8:
                SumColumns<PackedReader<Bits8>, TSink>(job, column, end, sink);
                break;
            case 4:
                SumColumns<PackedReader<Bits4>, TSink>(job, column, end, sink);
                break;
            case 3:
                SumColumns<PackedReader<Bits3>, TSink>(job, column, end, sink);
                break;
            default:
                SumColumns<PackedReader<Bits2>, TSink>(job, column, end, sink);
                break;
        }
    }

    private static void SumColumns<R, TSink>(in Products job, int column, int end, in TSink sink)
        where R : struct, IRowReader
        where TSink : struct, ISink
    {
        int whole = column + (end - column) / (4 * S.Width) * (4 * S.Width);
        for (int rank = 0; rank < job.Rank; rank += RowTile)
        {
            int last = Math.Min(RowTile, job.Rank - rank) - 1;
            SumWideColumns<R, TSink>(job, column, whole, rank, last, sink);
            SumLastColumns<R, TSink>(job, whole, end, rank, last, sink);
        }
    }

    /// <summary>The gradient of four rows in some columns: four vectors of each at a time in registers over all samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumWideColumns<R, TSink>(in Products job, int column, int end, int rank, int last, TSink sink)
        where R : struct, IRowReader
        where TSink : struct, ISink
    {
        int w = S.Width;
        int scalesAt = job.ScalesAt;
        V origin = R.Origin(job.Offset);
        float* slopes = job.Slopes + rank;
        nint h1 = Math.Min(1, last);
        nint h2 = Math.Min(2, last);
        nint h3 = Math.Min(3, last);
        nint d0 = (nint)rank * job.Count + column;
        nint d1 = d0 + h1 * job.Count;
        nint d2 = d0 + h2 * job.Count;
        nint d3 = d0 + h3 * job.Count;
        nint step = job.SlopeStride;
        nint* past = job.Rows + job.Samples;
        for (int at = column; at < end; at += 4 * w)
        {
            int block = at / BlockValues;
            // Four vectors are two units of 32, one unit or half of one.
            int unit = at & ~31;
            int half = w == 4 ? at & 16 : 0;
            (V s00, V s01, V s02, V s03) = (sink.Start(d0), sink.Start(d0 + w), sink.Start(d0 + 2 * w), sink.Start(d0 + 3 * w));
            (V s10, V s11, V s12, V s13) = (sink.Start(d1), sink.Start(d1 + w), sink.Start(d1 + 2 * w), sink.Start(d1 + 3 * w));
            (V s20, V s21, V s22, V s23) = (sink.Start(d2), sink.Start(d2 + w), sink.Start(d2 + 2 * w), sink.Start(d2 + 3 * w));
            (V s30, V s31, V s32, V s33) = (sink.Start(d3), sink.Start(d3 + w), sink.Start(d3 + 2 * w), sink.Start(d3 + 3 * w));
            float* slope = slopes;
            nint* following = job.Following;
            for (nint* address = job.Rows; address < past; address++, following++, slope += step)
            {
                byte* row = (byte*)*address;
                BringNearer<R>(row + *following, at, 4 * w);
                int scale = R.Scale(row, scalesAt, block);
                if (R.HasScales && (scale & 0x7FFF) == 0)
                    continue;
                V key = R.Key(origin, scale);
                V x0, x1, x2, x3;
                if (w == 16)
                    (x0, x1, x2, x3) = (R.Load(row, unit, 0, 0, origin, key), R.Load(row, unit, 16, 0, origin, key), R.Load(row, unit + 32, 0, 0, origin, key), R.Load(row, unit + 32, 16, 0, origin, key));
                else if (w == 8)
                    (x0, x1, x2, x3) = (R.Load(row, unit, 0, 0, origin, key), R.Load(row, unit, 0, 8, origin, key), R.Load(row, unit, 16, 0, origin, key), R.Load(row, unit, 16, 8, origin, key));
                else
                    (x0, x1, x2, x3) = (R.Load(row, unit, half, 0, origin, key), R.Load(row, unit, half, 4, origin, key), R.Load(row, unit, half, 8, origin, key), R.Load(row, unit, half, 12, origin, key));
                MultiplyAdd(S.Broadcast(slope[0]), x0, x1, x2, x3, ref s00, ref s01, ref s02, ref s03);
                MultiplyAdd(S.Broadcast(slope[h1]), x0, x1, x2, x3, ref s10, ref s11, ref s12, ref s13);
                MultiplyAdd(S.Broadcast(slope[h2]), x0, x1, x2, x3, ref s20, ref s21, ref s22, ref s23);
                MultiplyAdd(S.Broadcast(slope[h3]), x0, x1, x2, x3, ref s30, ref s31, ref s32, ref s33);
            }
            Finish(sink, d0, s00, s01, s02, s03);
            if (last > 0)
                Finish(sink, d1, s10, s11, s12, s13);
            if (last > 1)
                Finish(sink, d2, s20, s21, s22, s23);
            if (last > 2)
                Finish(sink, d3, s30, s31, s32, s33);
            d0 += 4 * w;
            d1 += 4 * w;
            d2 += 4 * w;
            d3 += 4 * w;
        }
    }

    /// <summary>The same, two vectors at a time, for the last columns, which may be less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumLastColumns<R, TSink>(in Products job, int column, int end, int rank, int last, TSink sink)
        where R : struct, IRowReader
        where TSink : struct, ISink
    {
        int w = S.Width;
        int scalesAt = job.ScalesAt;
        V origin = R.Origin(job.Offset);
        float* slopes = job.Slopes + rank;
        nint h1 = Math.Min(1, last);
        nint h2 = Math.Min(2, last);
        nint h3 = Math.Min(3, last);
        nint d0 = (nint)rank * job.Count + column;
        nint d1 = d0 + h1 * job.Count;
        nint d2 = d0 + h2 * job.Count;
        nint d3 = d0 + h3 * job.Count;
        nint step = job.SlopeStride;
        nint* past = job.Rows + job.Samples;
        // At most a unit, which is there as a whole.
        for (int at = column; at < end; at += 2 * w)
        {
            int block = at / BlockValues;
            int unit = at & ~31;
            int half = at & 16;
            int lane = at & 15;
            int rest = end - at;
            (V s00, V s01) = (sink.StartPartial(d0, rest), sink.StartPartial(d0 + w, rest - w));
            (V s10, V s11) = (sink.StartPartial(d1, rest), sink.StartPartial(d1 + w, rest - w));
            (V s20, V s21) = (sink.StartPartial(d2, rest), sink.StartPartial(d2 + w, rest - w));
            (V s30, V s31) = (sink.StartPartial(d3, rest), sink.StartPartial(d3 + w, rest - w));
            float* slope = slopes;
            nint* following = job.Following;
            for (nint* address = job.Rows; address < past; address++, following++, slope += step)
            {
                byte* row = (byte*)*address;
                BringNearer<R>(row + *following, at, 2 * w);
                int scale = R.Scale(row, scalesAt, block);
                if (R.HasScales && (scale & 0x7FFF) == 0)
                    continue;
                V key = R.Key(origin, scale);
                V x0, x1;
                if (w == 16)
                    (x0, x1) = (R.LoadPartial(row, unit, 0, 0, rest, origin, key), R.LoadPartial(row, unit, 16, 0, rest - w, origin, key));
                else if (half == 0)
                    (x0, x1) = (R.LoadPartial(row, unit, 0, lane, rest, origin, key), R.LoadPartial(row, unit, 0, lane + w, rest - w, origin, key));
                else
                    (x0, x1) = (R.LoadPartial(row, unit, 16, lane, rest, origin, key), R.LoadPartial(row, unit, 16, lane + w, rest - w, origin, key));
                V y0 = S.Broadcast(slope[0]);
                V y1 = S.Broadcast(slope[h1]);
                V y2 = S.Broadcast(slope[h2]);
                V y3 = S.Broadcast(slope[h3]);
                (s00, s01) = (S.FusedMultiplyAdd(y0, x0, s00), S.FusedMultiplyAdd(y0, x1, s01));
                (s10, s11) = (S.FusedMultiplyAdd(y1, x0, s10), S.FusedMultiplyAdd(y1, x1, s11));
                (s20, s21) = (S.FusedMultiplyAdd(y2, x0, s20), S.FusedMultiplyAdd(y2, x1, s21));
                (s30, s31) = (S.FusedMultiplyAdd(y3, x0, s30), S.FusedMultiplyAdd(y3, x1, s31));
            }
            FinishPartial(sink, d0, rest, s00, s01);
            if (last > 0)
                FinishPartial(sink, d1, rest, s10, s11);
            if (last > 1)
                FinishPartial(sink, d2, rest, s20, s21);
            if (last > 2)
                FinishPartial(sink, d3, rest, s30, s31);
            d0 += 2 * w;
            d1 += 2 * w;
            d2 += 2 * w;
            d3 += 2 * w;
        }
    }

    // Values of a row into the second-level cache; the first has this batch's to hold. .NET has no such instruction for ARM.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BringNearer<R>(byte* row, int at, int count)
        where R : struct, IRowReader
    {
        const int Line = AlignedMemory.Alignment;
        if (!Sse.IsSupported)
            return;
        byte* first = row + (nint)at * R.Bits / 8;
        int bytes = count * R.Bits / 8;
        Sse.Prefetch1(first);
        if (bytes > Line)
            Sse.Prefetch1(first + Line);
        if (bytes > 2 * Line)
        {
            Sse.Prefetch1(first + 2 * Line);
            Sse.Prefetch1(first + 3 * Line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishPartial<TSink>(in TSink sink, nint at, int count, V s0, V s1)
        where TSink : struct, ISink
    {
        sink.FinishPartial(s0, at, count);
        sink.FinishPartial(s1, at + S.Width, count - S.Width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSink>(in TSink sink, nint at, V s0, V s1, V s2, V s3)
        where TSink : struct, ISink
    {
        sink.Finish(s0, at);
        sink.Finish(s1, at + S.Width);
        sink.Finish(s2, at + 2 * S.Width);
        sink.Finish(s3, at + 3 * S.Width);
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

    /// <summary>Sums over rows that lie anywhere, each times slopes of its own, while those that follow are brought nearer.</summary>
    private readonly struct Products(nint* rows, nint* following, int samples, int count, int scalesAt, float offset, float* slopes, int slopeStride, int rank)
    {
        public readonly nint* Rows = rows;
        public readonly nint* Following = following;
        public readonly int Samples = samples;
        public readonly int Count = count;
        public readonly int ScalesAt = scalesAt;
        public readonly float Offset = offset;
        public readonly float* Slopes = slopes;
        public readonly int SlopeStride = slopeStride;
        public readonly int Rank = rank;
    }
}
