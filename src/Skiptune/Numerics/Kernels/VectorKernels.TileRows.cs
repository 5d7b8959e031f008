using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// Vectors side by side: the rows of tiles, and sums over samples.
internal sealed unsafe partial class VectorKernels<V>
{
    private struct One : IRow<One>
    {
        private V _a;

        public static int Vectors => 1;

        public static int Across => Vectors;

        public static int Results => Vectors;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(ref float source)
        {
            One row;
            row._a = V.Load(ref source, 0);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(ref float source, nuint below) => Load(ref source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Load(ref float source, ref int places)
        {
            One row;
            row._a = V.Load(ref source, (nuint)places);
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
            V.Store(row._a, ref destination, 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref One sums, V left, One right)
        {
            V.MultiplyAdd(ref sums._a, left, right._a);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static One Clamp(One row, V low, V high)
        {
            row._a = V.Lower(V.Raise(row._a, low), high);
            return row;
        }
    }

    private struct Two : IRow<Two>
    {
        private V _a, _b;

        public static int Vectors => 2;

        public static int Across => Vectors;

        public static int Results => Vectors;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Load(ref float source)
        {
            Two row;
            row._a = V.Load(ref source, 0);
            row._b = V.Load(ref source, (nuint)V.Width);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Load(ref float source, nuint below) => Load(ref source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Load(ref float source, ref int places)
        {
            Two row;
            row._a = V.Load(ref source, (nuint)places);
            row._b = V.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
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
            V.Store(row._a, ref destination, 0);
            V.Store(row._b, ref destination, (nuint)V.Width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Two sums, V left, Two right)
        {
            V.MultiplyAdd(ref sums._a, left, right._a);
            V.MultiplyAdd(ref sums._b, left, right._b);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Two Clamp(Two row, V low, V high)
        {
            row._a = V.Lower(V.Raise(row._a, low), high);
            row._b = V.Lower(V.Raise(row._b, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V First(Two row) => row._a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Largest(Two row) => V.Max(row._a, row._b);
    }

    private struct Three : IRow<Three>, ISampleSums<Three>
    {
        private V _a, _b, _c;

        public static int Vectors => 3;

        public static int Across => Vectors;

        public static int Results => Vectors;

        public static bool IsPartial => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(ref float source)
        {
            Three row;
            row._a = V.Load(ref source, 0);
            row._b = V.Load(ref source, (nuint)V.Width);
            row._c = V.Load(ref source, (nuint)(2 * V.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(ref float source, nuint below) => Load(ref source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(ref float source, ref int places)
        {
            Three row;
            row._a = V.Load(ref source, (nuint)places);
            row._b = V.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
            row._c = V.Load(ref source, (nuint)Unsafe.Add(ref places, 2));
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
            V.Store(row._a, ref destination, 0);
            V.Store(row._b, ref destination, (nuint)V.Width);
            V.Store(row._c, ref destination, (nuint)(2 * V.Width));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Three sums, V left, Three right)
        {
            V.MultiplyAdd(ref sums._a, left, right._a);
            V.MultiplyAdd(ref sums._b, left, right._b);
            V.MultiplyAdd(ref sums._c, left, right._c);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Clamp(Three row, V low, V high)
        {
            row._a = V.Lower(V.Raise(row._a, low), high);
            row._b = V.Lower(V.Raise(row._b, low), high);
            row._c = V.Lower(V.Raise(row._c, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load(float* from, int rest) => Load(ref *from);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Three sums, float* to, int rest) => Store(sums, ref *to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Three Load<R>(byte* sample, int at, int rest, V origin, V key)
            where R : struct, IRowReader
        {
            Three row;
            row._a = VectorAt<R>(sample, at, 3, 0, origin, key);
            row._b = VectorAt<R>(sample, at, 3, 1, origin, key);
            row._c = VectorAt<R>(sample, at, 3, 2, origin, key);
            return row;
        }
    }

    private struct Four : IRow<Four>, ISampleSums<Four>
    {
        private V _a, _b, _c, _d;

        public static int Vectors => 4;

        public static int Across => Vectors;

        public static int Results => Vectors;

        public static bool IsPartial => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(ref float source)
        {
            Four row;
            row._a = V.Load(ref source, 0);
            row._b = V.Load(ref source, (nuint)V.Width);
            row._c = V.Load(ref source, (nuint)(2 * V.Width));
            row._d = V.Load(ref source, (nuint)(3 * V.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(ref float source, nuint below) => Load(ref source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(ref float source, ref int places)
        {
            Four row;
            row._a = V.Load(ref source, (nuint)places);
            row._b = V.Load(ref source, (nuint)Unsafe.Add(ref places, 1));
            row._c = V.Load(ref source, (nuint)Unsafe.Add(ref places, 2));
            row._d = V.Load(ref source, (nuint)Unsafe.Add(ref places, 3));
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
            V.Store(row._a, ref destination, 0);
            V.Store(row._b, ref destination, (nuint)V.Width);
            V.Store(row._c, ref destination, (nuint)(2 * V.Width));
            V.Store(row._d, ref destination, (nuint)(3 * V.Width));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref Four sums, V left, Four right)
        {
            V.MultiplyAdd(ref sums._a, left, right._a);
            V.MultiplyAdd(ref sums._b, left, right._b);
            V.MultiplyAdd(ref sums._c, left, right._c);
            V.MultiplyAdd(ref sums._d, left, right._d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Clamp(Four row, V low, V high)
        {
            row._a = V.Lower(V.Raise(row._a, low), high);
            row._b = V.Lower(V.Raise(row._b, low), high);
            row._c = V.Lower(V.Raise(row._c, low), high);
            row._d = V.Lower(V.Raise(row._d, low), high);
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load(float* from, int rest) => Load(ref *from);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Four sums, float* to, int rest) => Store(sums, ref *to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Four Load<R>(byte* sample, int at, int rest, V origin, V key)
            where R : struct, IRowReader
        {
            Four row;
            row._a = VectorAt<R>(sample, at, 4, 0, origin, key);
            row._b = VectorAt<R>(sample, at, 4, 1, origin, key);
            row._c = VectorAt<R>(sample, at, 4, 2, origin, key);
            row._d = VectorAt<R>(sample, at, 4, 3, origin, key);
            return row;
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
        public static void Store(PooledSquare row, ref float destination) => V.Store(Two.First(row._upper), ref destination, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref PooledSquare sums, V left, PooledSquare right)
        {
            Two.MultiplyAdd(ref sums._upper, left, right._upper);
            Two.MultiplyAdd(ref sums._lower, left, right._lower);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PooledSquare Clamp(PooledSquare row, V low, V high)
        {
            V largest = V.Max(Two.Largest(row._upper), Two.Largest(row._lower));
            row._upper = Two.Broadcast(V.Lower(V.Raise(largest, low), high));
            return row;
        }
    }

    /// <summary>A row beside another.</summary>
    private struct Beside<TRow> : IRow<Beside<TRow>>, ISampleSums<Beside<TRow>>
        where TRow : struct, IRow<TRow>, ISampleSums<TRow>
    {
        private TRow _first, _second;

        public static int Vectors => 2 * TRow.Vectors;

        public static int Across => Vectors;

        public static int Results => Vectors;

        public static bool IsPartial => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load(ref float source)
        {
            Beside<TRow> row;
            row._first = TRow.Load(ref source);
            row._second = TRow.Load(ref Unsafe.Add(ref source, TRow.Vectors * V.Width));
            return row;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load(ref float source, nuint below) => Load(ref source);

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
            TRow.Store(row._second, ref Unsafe.Add(ref destination, TRow.Vectors * V.Width));
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

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load(float* from, int rest) => Load(ref *from);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Beside<TRow> sums, float* to, int rest) => Store(sums, ref *to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Beside<TRow> Load<R>(byte* sample, int at, int rest, V origin, V key)
            where R : struct, IRowReader
        {
            Beside<TRow> row;
            row._first = TRow.Load<R>(sample, at, rest, origin, key);
            row._second = TRow.Load<R>(sample, at + TRow.Vectors * V.Width, rest, origin, key);
            return row;
        }
    }
}
