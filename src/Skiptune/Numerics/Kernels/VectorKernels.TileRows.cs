using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// Vectors side by side: the rows of tiles, and sums over samples.
internal sealed unsafe partial class VectorKernels<V, S>
{
    private struct One : IRow<One>
    {
        private V _a;

        public static int Vectors => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(ref float source)
        {
            One row;
            row._a = S.Load(ref source, 0);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(ref float source, ref int places)
        {
            One row;
            row._a = S.Load(ref source, (nuint)places);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Broadcast(V value)
        {
            One row;
            row._a = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(One row, ref float destination)
        {
            S.Store(row._a, ref destination, 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref One sums, V left, One right)
        {
            sums._a = S.FusedMultiplyAdd(left, right._a, sums._a);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Clamp(One row, V low, V high)
        {
            row._a = S.Lower(S.Raise(row._a, low), high);
            return row;
        }
    }

    private struct Two : IRow<Two>
    {
        private V _a, _b;

        public static int Vectors => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Load(ref float source)
        {
            Two row;
            row._a = S.Load(ref source, 0);
            row._b = S.Load(ref source, (nuint)S.Width);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Load(ref float source, ref int places)
        {
            Two row;
            row._a = S.Load(ref source, (nuint)places);
            row._b = S.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Broadcast(V value)
        {
            Two row;
            row._a = row._b = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Two row, ref float destination)
        {
            S.Store(row._a, ref destination, 0);
            S.Store(row._b, ref destination, (nuint)S.Width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Two sums, V left, Two right)
        {
            sums._a = S.FusedMultiplyAdd(left, right._a, sums._a);
            sums._b = S.FusedMultiplyAdd(left, right._b, sums._b);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Clamp(Two row, V low, V high)
        {
            row._a = S.Lower(S.Raise(row._a, low), high);
            row._b = S.Lower(S.Raise(row._b, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V First(Two row) => row._a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Largest(Two row) => S.Max(row._a, row._b);
    }

    private struct Three : IRow<Three>, ISampleSums<Three>
    {
        private V _a, _b, _c;

        public static int Vectors => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(ref float source)
        {
            Three row;
            row._a = S.Load(ref source, 0);
            row._b = S.Load(ref source, (nuint)S.Width);
            row._c = S.Load(ref source, (nuint)(2 * S.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(ref float source, ref int places)
        {
            Three row;
            row._a = S.Load(ref source, (nuint)places);
            row._b = S.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
            row._c = S.Load(ref source, (nuint)Unsafe.Add(ref places, 2));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Broadcast(V value)
        {
            Three row;
            row._a = row._b = row._c = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Three row, ref float destination)
        {
            S.Store(row._a, ref destination, 0);
            S.Store(row._b, ref destination, (nuint)S.Width);
            S.Store(row._c, ref destination, (nuint)(2 * S.Width));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Three sums, V left, Three right)
        {
            sums._a = S.FusedMultiplyAdd(left, right._a, sums._a);
            sums._b = S.FusedMultiplyAdd(left, right._b, sums._b);
            sums._c = S.FusedMultiplyAdd(left, right._c, sums._c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Clamp(Three row, V low, V high)
        {
            row._a = S.Lower(S.Raise(row._a, low), high);
            row._b = S.Lower(S.Raise(row._b, low), high);
            row._c = S.Lower(S.Raise(row._c, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load<R>(byte* sample, int at, V origin, V key)
            where R : struct, IRowReader
        {
            Three row;
            row._a = R.Load(sample, at, 0, 0, origin, key);
            row._b = R.Load(sample, at, 0, S.Width, origin, key);
            row._c = R.Load(sample, at, 0, 2 * S.Width, origin, key);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Finish<TSink>(Three sums, in TSink sink, nint at)
            where TSink : struct, ISink
        {
            sink.Finish(sums._a, at);
            sink.Finish(sums._b, at + S.Width);
            sink.Finish(sums._c, at + 2 * S.Width);
        }
    }

    private struct Four : IRow<Four>, ISampleSums<Four>
    {
        private V _a, _b, _c, _d;

        public static int Vectors => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(ref float source)
        {
            Four row;
            row._a = S.Load(ref source, 0);
            row._b = S.Load(ref source, (nuint)S.Width);
            row._c = S.Load(ref source, (nuint)(2 * S.Width));
            row._d = S.Load(ref source, (nuint)(3 * S.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(ref float source, ref int places)
        {
            Four row;
            row._a = S.Load(ref source, (nuint)places);
            row._b = S.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
            row._c = S.Load(ref source, (nuint)Unsafe.Add(ref places, 2));
            row._d = S.Load(ref source, (nuint)Unsafe.Add(ref places, 3));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Broadcast(V value)
        {
            Four row;
            row._a = row._b = row._c = row._d = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Four row, ref float destination)
        {
            S.Store(row._a, ref destination, 0);
            S.Store(row._b, ref destination, (nuint)S.Width);
            S.Store(row._c, ref destination, (nuint)(2 * S.Width));
            S.Store(row._d, ref destination, (nuint)(3 * S.Width));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Four sums, V left, Four right)
        {
            sums._a = S.FusedMultiplyAdd(left, right._a, sums._a);
            sums._b = S.FusedMultiplyAdd(left, right._b, sums._b);
            sums._c = S.FusedMultiplyAdd(left, right._c, sums._c);
            sums._d = S.FusedMultiplyAdd(left, right._d, sums._d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Clamp(Four row, V low, V high)
        {
            row._a = S.Lower(S.Raise(row._a, low), high);
            row._b = S.Lower(S.Raise(row._b, low), high);
            row._c = S.Lower(S.Raise(row._c, low), high);
            row._d = S.Lower(S.Raise(row._d, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load<R>(byte* sample, int at, V origin, V key)
            where R : struct, IRowReader
        {
            Four row;
            row._a = InUnits<R>(sample, at, 0, origin, key);
            row._b = InUnits<R>(sample, at, 1, origin, key);
            row._c = InUnits<R>(sample, at, 2, origin, key);
            row._d = InUnits<R>(sample, at, 3, origin, key);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Finish<TSink>(Four sums, in TSink sink, nint at)
            where TSink : struct, ISink
        {
            sink.Finish(sums._a, at);
            sink.Finish(sums._b, at + S.Width);
            sink.Finish(sums._c, at + 2 * S.Width);
            sink.Finish(sums._d, at + 3 * S.Width);
        }
    }

    private struct Six : ISampleSums<Six>
    {
        private V _a, _b, _c, _d, _e, _f;

        public static int Vectors => 6;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Six Load(ref float source)
        {
            Six row;
            row._a = S.Load(ref source, 0);
            row._b = S.Load(ref source, (nuint)S.Width);
            row._c = S.Load(ref source, (nuint)(2 * S.Width));
            row._d = S.Load(ref source, (nuint)(3 * S.Width));
            row._e = S.Load(ref source, (nuint)(4 * S.Width));
            row._f = S.Load(ref source, (nuint)(5 * S.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Six Broadcast(V value)
        {
            Six row;
            row._a = row._b = row._c = row._d = row._e = row._f = value;
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Six sums, V left, Six right)
        {
            sums._a = S.FusedMultiplyAdd(left, right._a, sums._a);
            sums._b = S.FusedMultiplyAdd(left, right._b, sums._b);
            sums._c = S.FusedMultiplyAdd(left, right._c, sums._c);
            sums._d = S.FusedMultiplyAdd(left, right._d, sums._d);
            sums._e = S.FusedMultiplyAdd(left, right._e, sums._e);
            sums._f = S.FusedMultiplyAdd(left, right._f, sums._f);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Six Load<R>(byte* sample, int at, V origin, V key)
            where R : struct, IRowReader
        {
            Six row;
            row._a = R.Load(sample, at, 0, 0, origin, key);
            row._b = R.Load(sample, at, 0, S.Width, origin, key);
            row._c = R.Load(sample, at, 0, 2 * S.Width, origin, key);
            row._d = R.Load(sample, at, 0, 3 * S.Width, origin, key);
            row._e = R.Load(sample, at, 0, 4 * S.Width, origin, key);
            row._f = R.Load(sample, at, 0, 5 * S.Width, origin, key);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Finish<TSink>(Six sums, in TSink sink, nint at)
            where TSink : struct, ISink
        {
            sink.Finish(sums._a, at);
            sink.Finish(sums._b, at + S.Width);
            sink.Finish(sums._c, at + 2 * S.Width);
            sink.Finish(sums._d, at + 3 * S.Width);
            sink.Finish(sums._e, at + 4 * S.Width);
            sink.Finish(sums._f, at + 5 * S.Width);
        }
    }

    /// <summary>A window of two by two, of which the largest is kept. Its sums start from a bias: to a largest nothing can be added.</summary>
    private struct PooledSquare : IRow<PooledSquare>
    {
        private Two _upper, _lower;

        public static int Vectors => 4;

        public static int Across => 2;

        public static int Results => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Load(ref float source) => Load(ref source, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Load(ref float source, nuint below)
        {
            PooledSquare row;
            row._upper = Two.Load(ref source);
            row._lower = Two.Load(ref Unsafe.Add(ref source, below));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Load(ref float source, ref int places)
        {
            PooledSquare row;
            row._upper = Two.Load(ref source, ref places);
            row._lower = Two.Load(ref source, ref Unsafe.Add(ref places, 2));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Broadcast(V value)
        {
            PooledSquare row;
            row._upper = row._lower = Two.Broadcast(value);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(PooledSquare row, ref float destination) => S.Store(Two.First(row._upper), ref destination, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref PooledSquare sums, V left, PooledSquare right)
        {
            Two.MultiplyAdd(ref sums._upper, left, right._upper);
            Two.MultiplyAdd(ref sums._lower, left, right._lower);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Clamp(PooledSquare row, V low, V high)
        {
            V largest = S.Max(Two.Largest(row._upper), Two.Largest(row._lower));
            row._upper = Two.Broadcast(S.Lower(S.Raise(largest, low), high));
            return row;
        }
    }

    /// <summary>A row beside another.</summary>
    private struct Beside<TRow> : IRow<Beside<TRow>>
        where TRow : struct, IRow<TRow>
    {
        private TRow _first, _second;

        public static int Vectors => 2 * TRow.Vectors;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load(ref float source)
        {
            Beside<TRow> row;
            row._first = TRow.Load(ref source);
            row._second = TRow.Load(ref Unsafe.Add(ref source, TRow.Vectors * S.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load(ref float source, ref int places)
        {
            Beside<TRow> row;
            row._first = TRow.Load(ref source, ref places);
            row._second = TRow.Load(ref source, ref Unsafe.Add(ref places, TRow.Vectors));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Broadcast(V value)
        {
            Beside<TRow> row;
            row._first = TRow.Broadcast(value);
            row._second = TRow.Broadcast(value);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Beside<TRow> row, ref float destination)
        {
            TRow.Store(row._first, ref destination);
            TRow.Store(row._second, ref Unsafe.Add(ref destination, TRow.Vectors * S.Width));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Beside<TRow> sums, V left, Beside<TRow> right)
        {
            TRow.MultiplyAdd(ref sums._first, left, right._first);
            TRow.MultiplyAdd(ref sums._second, left, right._second);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Clamp(Beside<TRow> row, V low, V high)
        {
            row._first = TRow.Clamp(row._first, low, high);
            row._second = TRow.Clamp(row._second, low, high);
            return row;
        }
    }
}
