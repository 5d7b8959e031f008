using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>Yields the values of a row in vectors, so that kernels over rows are written once for all formats.</summary>
    private interface IRowReader
    {
        /// <summary>Of a value.</summary>
        static abstract int Bits { get; }

        /// <summary>True if blocks may be zero as a whole, which their scale tells.</summary>
        static abstract bool HasScales { get; }

        /// <summary>What all blocks have in common.</summary>
        static abstract V Origin(float offset);

        /// <summary>The bits of a block's scale; all but the sign 0 if all its values are.</summary>
        static abstract int Scale(byte* row, int scalesAt, int block);

        /// <summary>What the values of a block have in common.</summary>
        static abstract V Key(V origin, int scale);

        /// <summary>The values from <paramref name="at"/> + <paramref name="half"/> + <paramref name="lane"/> on.</summary>
        /// <param name="row">The row.</param>
        /// <param name="at">A multiple of 32 where values are packed.</param>
        /// <param name="half">0 or 16; a constant where speed matters.</param>
        /// <param name="lane">A multiple of the width, below 16 where values are packed.</param>
        /// <param name="origin">Of the row's format.</param>
        /// <param name="key">Of the block.</param>
        static abstract V Load(byte* row, int at, int half, int lane, V origin, V key);

        /// <summary>The same where the row has only <paramref name="count"/> more values: zeros, or anything finite, behind.</summary>
        static abstract V LoadPartial(byte* row, int at, int half, int lane, int count, V origin, V key);
    }

    private interface IBits
    {
        static abstract int Count { get; }
    }

    private readonly struct Float32Reader : IRowReader
    {
        public static int Bits => 32;

        public static bool HasScales => false;

        public static V Origin(float offset) => default;

        public static int Scale(byte* row, int scalesAt, int block) => 1;

        public static V Key(V origin, int scale) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(byte* row, int at, int half, int lane, V origin, V key) => V.Load(ref *(float*)row, (nuint)(at + half + lane));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V LoadPartial(byte* row, int at, int half, int lane, int count, V origin, V key) => V.LoadPartial((float*)row + at + half + lane, count);
    }

    private readonly struct Float16Reader : IRowReader
    {
        public static int Bits => 16;

        public static bool HasScales => false;

        public static V Origin(float offset) => default;

        public static int Scale(byte* row, int scalesAt, int block) => 1;

        public static V Key(V origin, int scale) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(byte* row, int at, int half, int lane, V origin, V key) => V.LoadHalves((ushort*)row + at + half + lane);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V LoadPartial(byte* row, int at, int half, int lane, int count, V origin, V key)
        {
            // Not from the stack by stackalloc, which is never inlined.
            Vector256<ushort> halves = default;
            count = Math.Clamp(count, 0, V.Width);
            Unsafe.CopyBlockUnaligned(&halves, (ushort*)row + at + half + lane, (uint)(count * sizeof(ushort)));
            return V.LoadHalves((ushort*)&halves);
        }
    }

    private readonly struct PackedReader<B> : IRowReader
        where B : struct, IBits
    {
        public static int Bits => B.Count;

        public static bool HasScales => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Origin(float offset) => V.Origin(B.Count, offset);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Scale(byte* row, int scalesAt, int block) => ((ushort*)(row + scalesAt))[block];

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Key(V origin, int scale) => V.Key(B.Count, origin, BlockFormat.Value((ushort)scale));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load(byte* row, int at, int half, int lane, V origin, V key) =>
            V.Decode(B.Count, row + (uint)at / 8 * B.Count, half, lane, origin, key);

        // A unit is there as a whole.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V LoadPartial(byte* row, int at, int half, int lane, int count, V origin, V key) => Load(row, at, half, lane, origin, key);
    }

    private readonly struct Bits8 : IBits
    {
        public static int Count => 8;
    }

    private readonly struct Bits4 : IBits
    {
        public static int Count => 4;
    }

    private readonly struct Bits3 : IBits
    {
        public static int Count => 3;
    }

    private readonly struct Bits2 : IBits
    {
        public static int Count => 2;
    }
}
