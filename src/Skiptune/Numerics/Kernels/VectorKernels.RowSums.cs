using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics;

// Sums over the rows of a batch, each times slopes of its own: the gradient of A.
internal sealed unsafe partial class VectorKernels<V>
{
    // Columns of A whose gradient is in memory before an optimizer with a state reads it: few enough for the first-level cache.
    private const int ColumnsAhead = 768;

    internal override void AddRowProducts(RowBatch rows, int start, int end, ReadOnlySpan<float> slopes, int stride, int rank, Span<float> gradient)
    {
        CheckColumns(rows, start, end);
        CheckRows(rows, rank, gradient.Length, rows.Addresses.Length, slopes.Length, stride);
        fixed (float* slope = slopes, matrix = gradient)
        {
            fixed (nint* addresses = rows.Addresses, following = rows.Following)
            {
                Products job = new(addresses, following, rows.Addresses.Length, rows.Count, ScalesAt(rows.Format, rows.Count), Offset(rows.Format), slope, stride, rank);
                SumColumns(rows.Format.Bits, job, start, end, new GradientSink(matrix, adds: true));
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
                        UpdateColumns(rows.Format.Bits, job, start, end, new SgdUpdate(step.Rate, step.Decay), parameter, state0, state1);
                        break;
                    case UpdateRule.Momentum:
                        UpdateColumns(rows.Format.Bits, job, start, end, new MomentumUpdate(step.Rate, step.MomentumFactor, step.Decay), parameter, state0, state1);
                        break;
                    default:
                        UpdateColumns(rows.Format.Bits, job, start, end, new AdamUpdate(step.AdamConstants), parameter, state0, state1);
                        break;
                }
            }
        }
    }

    [SkipLocalsInit]
    private static void UpdateColumns<TUpdate>(int bits, in Products job, int start, int end, in TUpdate update, float* parameters, float* first, float* second)
        where TUpdate : struct, IUpdate
    {
        float* gradient = stackalloc float[RowTile * ColumnsAhead];
        for (int rank = 0; rank < job.Rank; rank += RowTile)
        {
            int rows = Math.Min(RowTile, job.Rank - rank);
            Products part = new(job.Rows, job.Following, job.Samples, ColumnsAhead, job.ScalesAt, job.Offset, job.Slopes + rank, job.SlopeStride, rows);
            for (int column = start; column < end; column += ColumnsAhead)
            {
                int columns = Math.Min(ColumnsAhead, end - column);
                SumColumns(bits, part, column, column + columns, new GradientSink(gradient - column, adds: false));
                for (int row = 0; row < rows; row++)
                {
                    nint at = (nint)(rank + row) * job.Count + column;
                    Update(update, parameters + at, gradient + row * ColumnsAhead, first + at, second + at, columns);
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
            // A block of packed values is whole tiles of four vectors; of others the widest is taken whose sums, values and slope
            // have a register each.
            int left = R.HasScales ? SumTiles<R, TSink, Four>(job, rank, column, end, sink)
                : V.Registers >= 32 ? SumTiles<R, TSink, Beside<Three>>(job, rank, column, end, sink)
                : SumTiles<R, TSink, Three>(job, rank, column, end, sink);
            SumTiles<R, TSink, Partial>(job, rank, left, end, sink);
        }
    }

    /// <summary>
    /// The gradient of up to four rows of A, a tile of columns at a time in registers over all samples. Returns the first column
    /// that is left, which fills no tile.
    /// </summary>
    [MethodImpl(KernelCode.Optimized)]
    private static int SumTiles<R, TSink, TRow>(in Products job, int rank, int column, int end, TSink sink)
        where R : struct, IRowReader
        where TSink : struct, ISink
        where TRow : struct, ISampleSums<TRow>
    {
        int width = TRow.Vectors * V.Width;
        int scalesAt = job.ScalesAt;
        V origin = R.Origin(job.Offset);
        float* slopes = job.Slopes + rank;
        int last = Math.Min(RowTile, job.Rank - rank) - 1;
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
        for (; at <= (TRow.IsPartial ? end - 1 : end - width); at += width)
        {
            int block = at / BlockValues;
            int rest = end - at;
            TRow s0 = TRow.Broadcast(V.Broadcast(0));
            TRow s1 = s0, s2 = s0, s3 = s0;
            if (sink.Start != null)
            {
                s0 = TRow.Load(sink.Start + d0, rest);
                s1 = TRow.Load(sink.Start + d1, rest);
                s2 = TRow.Load(sink.Start + d2, rest);
                s3 = TRow.Load(sink.Start + d3, rest);
            }
            float* slope = slopes;
            nint* following = job.Following;
            for (nint* address = job.Rows; address < past; address++, following++, slope += step)
            {
                byte* row = (byte*)*address;
                BringNearer<R>(row + *following, at, width);
                int scale = R.Scale(row, scalesAt, block);
                if (R.HasScales && (scale & 0x7FFF) == 0)
                    continue;
                TRow x = TRow.Load<R>(row, at, rest, origin, R.Key(origin, scale));
                TRow.MultiplyAdd(ref s0, V.Broadcast(slope[0]), x);
                TRow.MultiplyAdd(ref s1, V.Broadcast(slope[h1]), x);
                TRow.MultiplyAdd(ref s2, V.Broadcast(slope[h2]), x);
                TRow.MultiplyAdd(ref s3, V.Broadcast(slope[h3]), x);
            }
            sink.Finish(s0, d0, rest);
            if (last > 0)
                sink.Finish(s1, d1, rest);
            if (last > 1)
                sink.Finish(s2, d2, rest);
            if (last > 2)
                sink.Finish(s3, d3, rest);
            d0 += width;
            d1 += width;
            d2 += width;
            d3 += width;
        }
        return at;
    }

    /// <summary>A vector of so many that are read together from a column on, each time from a multiple of their values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V VectorAt<R>(byte* sample, int at, int vectors, int vector, V origin, V key)
        where R : struct, IRowReader
    {
        int within = InUnit<R>(at, vectors);
        int place = within + vector * V.Width;
        return R.Load(sample, at - within + (place & -UnitValues), place & (UnitValues / 2), place & (UnitValues / 2 - 1), origin, key);
    }

    // Where in a unit of packed values: wider tiles start with one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int InUnit<R>(int at, int vectors)
        where R : struct, IRowReader => R.HasScales && vectors * V.Width < UnitValues ? at & (UnitValues - 1) : 0;

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

    /// <summary>
    /// Sums over the samples of a batch in some columns. Of a partial tile only the first so many columns may exist, the rest of the
    /// row; others take no notice of their number.
    /// </summary>
    private interface ISampleSums<TRow> : ISums<TRow>
        where TRow : struct, ISampleSums<TRow>
    {
        static abstract bool IsPartial { get; }

        /// <summary>A row of a matrix.</summary>
        static abstract TRow Load(float* from, int rest);

        static abstract void Store(TRow sums, float* to, int rest);

        /// <summary>Values of a sample from a column on: of packed ones a multiple of the tile's or, if it is wider, of a unit.</summary>
        static abstract TRow Load<R>(byte* sample, int at, int rest, V origin, V key)
            where R : struct, IRowReader;
    }

    /// <summary>The last columns.</summary>
    private struct Partial : ISampleSums<Partial>
    {
        private V _a, _b;

        public static int Vectors => 2;

        public static bool IsPartial => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Partial Broadcast(V value)
        {
            Partial row;
            row._a = row._b = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Partial Load(float* from, int rest)
        {
            Partial row;
            row._a = V.LoadPartial(from, rest);
            row._b = V.LoadPartial(from + V.Width, rest - V.Width);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Partial sums, float* to, int rest)
        {
            V.StorePartial(sums._a, to, rest);
            V.StorePartial(sums._b, to + V.Width, rest - V.Width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Partial Load<R>(byte* sample, int at, int rest, V origin, V key)
            where R : struct, IRowReader
        {
            int place = InUnit<R>(at, Vectors);
            at -= place;
            Partial row;
            row._a = R.LoadPartial(sample, at, place & (UnitValues / 2), place & (UnitValues / 2 - 1), rest, origin, key);
            place += V.Width;
            row._b = R.LoadPartial(sample, at + (place & -UnitValues), place & (UnitValues / 2), place & (UnitValues / 2 - 1), rest - V.Width, origin, key);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Partial sums, V left, Partial right)
        {
            V.MultiplyAdd(ref sums._a, left, right._a);
            V.MultiplyAdd(ref sums._b, left, right._b);
        }
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
