using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// A tile is a block of sums that stay in registers: up to eight rows of up to four vectors. Rows and tiles are structs
// which the compiler takes apart into registers, so that one loop body serves every size of tile. It does so only while
// all of a tile's methods are inlined, and it inlines only so many: rows and tiles of four are therefore written out. So are members
// that could be defaults of an interface, which cannot be compiled beforehand.
internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>Sums in vectors side by side.</summary>
    private interface ISums<TRow>
        where TRow : struct, ISums<TRow>
    {
        /// <summary>How many.</summary>
        static abstract int Vectors { get; }

        /// <summary>The same vector in all places.</summary>
        static abstract TRow Broadcast(V value);

        /// <summary>sums += left * right.</summary>
        static abstract void MultiplyAdd(ref TRow sums, V left, TRow right);
    }

    /// <summary>Sums that become a row of a product.</summary>
    private interface IRow<TRow> : ISums<TRow>
        where TRow : struct, IRow<TRow>
    {
        /// <summary>How many vectors lie side by side in a line; the others lie in the line below.</summary>
        static abstract int Across { get; }

        /// <summary>How many are stored.</summary>
        static abstract int Results { get; }

        /// <summary>Loads vectors side by side.</summary>
        static abstract TRow Load(ref float source);

        /// <summary>Loads vectors of a line, and of the one below if the row has any there.</summary>
        static abstract TRow Load(ref float source, nuint below);

        /// <summary>Loads a vector from each of the places in the table.</summary>
        static abstract TRow Load(ref float source, ref int places);

        static abstract void Store(TRow row, ref float destination);

        /// <summary>Makes the results, limited.</summary>
        static abstract TRow Clamp(TRow row, V low, V high);
    }

    /// <summary>Rows one below the other.</summary>
    private interface ITile<TTile, TRow>
        where TTile : struct, ITile<TTile, TRow>
        where TRow : struct, IRow<TRow>
    {
        static abstract int Rows { get; }

        static abstract TTile Load(ref float source, nuint stride);

        /// <summary>A vector for each row, all over the row, from memory that many values apart.</summary>
        static abstract TTile Broadcast<TLeft>(ref float values, nuint apart)
            where TLeft : struct, ILeft;

        static abstract void Store(TTile tile, ref float destination, nuint stride);

        /// <summary>sums += left * right, the left of each row from memory that many values apart.</summary>
        static abstract void MultiplyAdd<TLeft>(ref TTile sums, ref float left, nuint stride, TRow right)
            where TLeft : struct, ILeft;

        static abstract TTile Clamp(TTile tile, V low, V high);
    }

    /// <summary>How the left factor of a row is read.</summary>
    private interface ILeft
    {
        /// <summary>The values that it takes.</summary>
        static abstract int Values { get; }

        static abstract V Read(ref float source, nuint at);
    }

    /// <summary>One value for all lanes.</summary>
    private readonly struct Scalar : ILeft
    {
        public static int Values => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Read(ref float source, nuint at) => V.Broadcast(Unsafe.Add(ref source, at));
    }

    /// <summary>A value for each lane.</summary>
    private readonly struct Vector : ILeft
    {
        public static int Values => V.Width;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Read(ref float source, nuint at) => V.Load(ref source, at);
    }

    /// <summary>One row.</summary>
    private struct Rows1<TRow> : ITile<Rows1<TRow>, TRow>
        where TRow : struct, IRow<TRow>
    {
        private TRow _r0;

        public static int Rows => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows1<TRow> Load(ref float source, nuint stride)
        {
            Rows1<TRow> tile;
            tile._r0 = TRow.Load(ref source);
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows1<TRow> Broadcast<TLeft>(ref float values, nuint apart)
            where TLeft : struct, ILeft
        {
            Rows1<TRow> tile;
            tile._r0 = TRow.Broadcast(TLeft.Read(ref values, 0));
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Rows1<TRow> tile, ref float destination, nuint stride)
        {
            TRow.Store(tile._r0, ref destination);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd<TLeft>(ref Rows1<TRow> sums, ref float left, nuint stride, TRow right)
            where TLeft : struct, ILeft
        {
            TRow.MultiplyAdd(ref sums._r0, TLeft.Read(ref left, 0), right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows1<TRow> Clamp(Rows1<TRow> tile, V low, V high)
        {
            tile._r0 = TRow.Clamp(tile._r0, low, high);
            return tile;
        }
    }

    /// <summary>Two rows.</summary>
    private struct Rows2<TRow> : ITile<Rows2<TRow>, TRow>
        where TRow : struct, IRow<TRow>
    {
        private TRow _r0, _r1;

        public static int Rows => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows2<TRow> Load(ref float source, nuint stride)
        {
            Rows2<TRow> tile;
            tile._r0 = TRow.Load(ref source);
            tile._r1 = TRow.Load(ref Unsafe.Add(ref source, stride));
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows2<TRow> Broadcast<TLeft>(ref float values, nuint apart)
            where TLeft : struct, ILeft
        {
            Rows2<TRow> tile;
            tile._r0 = TRow.Broadcast(TLeft.Read(ref values, 0));
            tile._r1 = TRow.Broadcast(TLeft.Read(ref values, apart));
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Rows2<TRow> tile, ref float destination, nuint stride)
        {
            TRow.Store(tile._r0, ref destination);
            TRow.Store(tile._r1, ref Unsafe.Add(ref destination, stride));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd<TLeft>(ref Rows2<TRow> sums, ref float left, nuint stride, TRow right)
            where TLeft : struct, ILeft
        {
            TRow.MultiplyAdd(ref sums._r0, TLeft.Read(ref left, 0), right);
            TRow.MultiplyAdd(ref sums._r1, TLeft.Read(ref left, stride), right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows2<TRow> Clamp(Rows2<TRow> tile, V low, V high)
        {
            tile._r0 = TRow.Clamp(tile._r0, low, high);
            tile._r1 = TRow.Clamp(tile._r1, low, high);
            return tile;
        }
    }

    /// <summary>Four rows.</summary>
    private struct Rows4<TRow> : ITile<Rows4<TRow>, TRow>
        where TRow : struct, IRow<TRow>
    {
        private TRow _r0, _r1, _r2, _r3;

        public static int Rows => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows4<TRow> Load(ref float source, nuint stride)
        {
            Rows4<TRow> tile;
            tile._r0 = TRow.Load(ref source);
            tile._r1 = TRow.Load(ref Unsafe.Add(ref source, stride));
            tile._r2 = TRow.Load(ref Unsafe.Add(ref source, 2 * stride));
            tile._r3 = TRow.Load(ref Unsafe.Add(ref source, 3 * stride));
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows4<TRow> Broadcast<TLeft>(ref float values, nuint apart)
            where TLeft : struct, ILeft
        {
            Rows4<TRow> tile;
            tile._r0 = TRow.Broadcast(TLeft.Read(ref values, 0));
            tile._r1 = TRow.Broadcast(TLeft.Read(ref values, apart));
            tile._r2 = TRow.Broadcast(TLeft.Read(ref values, 2 * apart));
            tile._r3 = TRow.Broadcast(TLeft.Read(ref values, 3 * apart));
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Rows4<TRow> tile, ref float destination, nuint stride)
        {
            TRow.Store(tile._r0, ref destination);
            TRow.Store(tile._r1, ref Unsafe.Add(ref destination, stride));
            TRow.Store(tile._r2, ref Unsafe.Add(ref destination, 2 * stride));
            TRow.Store(tile._r3, ref Unsafe.Add(ref destination, 3 * stride));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd<TLeft>(ref Rows4<TRow> sums, ref float left, nuint stride, TRow right)
            where TLeft : struct, ILeft
        {
            TRow.MultiplyAdd(ref sums._r0, TLeft.Read(ref left, 0), right);
            TRow.MultiplyAdd(ref sums._r1, TLeft.Read(ref left, stride), right);
            TRow.MultiplyAdd(ref sums._r2, TLeft.Read(ref left, 2 * stride), right);
            TRow.MultiplyAdd(ref sums._r3, TLeft.Read(ref left, 3 * stride), right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Rows4<TRow> Clamp(Rows4<TRow> tile, V low, V high)
        {
            tile._r0 = TRow.Clamp(tile._r0, low, high);
            tile._r1 = TRow.Clamp(tile._r1, low, high);
            tile._r2 = TRow.Clamp(tile._r2, low, high);
            tile._r3 = TRow.Clamp(tile._r3, low, high);
            return tile;
        }
    }

    /// <summary>A tile on top of another.</summary>
    private struct Stacked<TUpper, TLower, TRow> : ITile<Stacked<TUpper, TLower, TRow>, TRow>
        where TUpper : struct, ITile<TUpper, TRow>
        where TLower : struct, ITile<TLower, TRow>
        where TRow : struct, IRow<TRow>
    {
        private TUpper _upper;
        private TLower _lower;

        public static int Rows => TUpper.Rows + TLower.Rows;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Stacked<TUpper, TLower, TRow> Load(ref float source, nuint stride)
        {
            Stacked<TUpper, TLower, TRow> tile;
            tile._upper = TUpper.Load(ref source, stride);
            tile._lower = TLower.Load(ref Unsafe.Add(ref source, (nuint)TUpper.Rows * stride), stride);
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Stacked<TUpper, TLower, TRow> Broadcast<TLeft>(ref float values, nuint apart)
            where TLeft : struct, ILeft
        {
            Stacked<TUpper, TLower, TRow> tile;
            tile._upper = TUpper.Broadcast<TLeft>(ref values, apart);
            tile._lower = TLower.Broadcast<TLeft>(ref Unsafe.Add(ref values, (nuint)TUpper.Rows * apart), apart);
            return tile;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Stacked<TUpper, TLower, TRow> tile, ref float destination, nuint stride)
        {
            TUpper.Store(tile._upper, ref destination, stride);
            TLower.Store(tile._lower, ref Unsafe.Add(ref destination, (nuint)TUpper.Rows * stride), stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd<TLeft>(ref Stacked<TUpper, TLower, TRow> sums, ref float left, nuint stride, TRow right)
            where TLeft : struct, ILeft
        {
            TUpper.MultiplyAdd<TLeft>(ref sums._upper, ref left, stride, right);
            TLower.MultiplyAdd<TLeft>(ref sums._lower, ref Unsafe.Add(ref left, (nuint)TUpper.Rows * stride), stride, right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Stacked<TUpper, TLower, TRow> Clamp(Stacked<TUpper, TLower, TRow> tile, V low, V high)
        {
            tile._upper = TUpper.Clamp(tile._upper, low, high);
            tile._lower = TLower.Clamp(tile._lower, low, high);
            return tile;
        }
    }
}
