using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics;

// Sums over the rows of a batch, each times slopes of its own: the gradient of A.
internal sealed unsafe partial class VectorKernels<V, S>
{
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
                        SumColumns(rows.Format.Bits, job, start, end, new ScaledSink(parameter, -step.Rate));
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
        for (int rank = 0; rank < job.Rank; rank += RowTile)
        {
            int last = Math.Min(RowTile, job.Rank - rank) - 1;
            // A block of packed values is whole tiles of four vectors; of others the widest is taken whose sums, values and slope
            // have a register each.
            int whole = R.HasScales ? SumWideColumns<R, TSink, Four>(job, column, end, rank, last, sink)
                : S.Registers >= 32 ? SumWideColumns<R, TSink, Six>(job, column, end, rank, last, sink)
                : SumWideColumns<R, TSink, Three>(job, column, end, rank, last, sink);
            SumLastColumns<R, TSink>(job, whole, end, rank, last, sink);
        }
    }

    /// <summary>
    /// The gradient of four rows in the columns that fill whole tiles: some vectors of each at a time in registers over all
    /// samples. Returns the column behind them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int SumWideColumns<R, TSink, TRow>(in Products job, int column, int end, int rank, int last, TSink sink)
        where R : struct, IRowReader
        where TSink : struct, ISink
        where TRow : struct, ISampleSums<TRow>
    {
        int width = TRow.Vectors * S.Width;
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
        int at = column;
        for (; at <= end - width; at += width)
        {
            int block = at / BlockValues;
            TRow s0 = sink.Start<TRow>(d0);
            TRow s1 = sink.Start<TRow>(d1);
            TRow s2 = sink.Start<TRow>(d2);
            TRow s3 = sink.Start<TRow>(d3);
            float* slope = slopes;
            nint* following = job.Following;
            for (nint* address = job.Rows; address < past; address++, following++, slope += step)
            {
                byte* row = (byte*)*address;
                BringNearer<R>(row + *following, at, width);
                int scale = R.Scale(row, scalesAt, block);
                if (R.HasScales && (scale & 0x7FFF) == 0)
                    continue;
                TRow x = TRow.Load<R>(row, at, origin, R.Key(origin, scale));
                TRow.MultiplyAdd(ref s0, S.Broadcast(slope[0]), x);
                TRow.MultiplyAdd(ref s1, S.Broadcast(slope[h1]), x);
                TRow.MultiplyAdd(ref s2, S.Broadcast(slope[h2]), x);
                TRow.MultiplyAdd(ref s3, S.Broadcast(slope[h3]), x);
            }
            TRow.Finish(s0, sink, d0);
            if (last > 0)
                TRow.Finish(s1, sink, d1);
            if (last > 1)
                TRow.Finish(s2, sink, d2);
            if (last > 2)
                TRow.Finish(s3, sink, d3);
            d0 += width;
            d1 += width;
            d2 += width;
            d3 += width;
        }
        return at;
    }

    /// <summary>The same, two vectors at a time, for the last columns, which may be less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
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

    /// <summary>
    /// One of the four vectors from a column on of packed values, which come in units of 32: four of the narrowest vectors are half of
    /// one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V InUnits<R>(byte* row, int at, int vector, V origin, V key)
        where R : struct, IRowReader
    {
        int place = vector * S.Width;
        return R.Load(row, (at & ~31) + (place & ~31), S.Width == 4 ? at & 16 : place & 16, place & 15, origin, key);
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
            Sse.Prefetch1(first + 2 * Line);
        if (bytes > 3 * Line)
            Sse.Prefetch1(first + 3 * Line);
        if (bytes > 4 * Line)
            Sse.Prefetch1(first + 4 * Line);
        if (bytes > 5 * Line)
            Sse.Prefetch1(first + 5 * Line);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishPartial<TSink>(in TSink sink, nint at, int count, V s0, V s1)
        where TSink : struct, ISink
    {
        sink.FinishPartial(s0, at, count);
        sink.FinishPartial(s1, at + S.Width, count - S.Width);
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
