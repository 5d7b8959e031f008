using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Skiptune.Numerics;
using Skiptune.Numerics.Simd;

namespace Skiptune.Language.Weights;

/// <summary>
/// Products of rows of packed weights and one vector, decoded in registers: what generation spends its time on. The bits
/// are those of the decoded rows and the engine's dot product of sixteen partial sums, at every width of vectors. Four rows
/// go side by side: the vector is loaded once for them, and no sum waits for the one before.
/// </summary>
internal static unsafe class WeightDot
{
    private const int Values = 32;

    private const int Lanes = KernelSet.Lanes;

    private const int Tile = 4;

    // Tiles. Four short rows at once are no pattern that a processor reads ahead by itself: without asking for the rows that
    // come next, weights arrive at a fifth of the memory's speed.
    private const int Ahead = 4;

    private const int CacheLine = 64;

    /// <summary>y = W x for consecutive rows.</summary>
    /// <param name="kernels">The form to compute in.</param>
    /// <param name="format">Q8_0, Q4_0 or Q4_1.</param>
    /// <param name="rows">The first row's blocks; the others follow.</param>
    /// <param name="x">The vector, whole blocks.</param>
    /// <param name="y">Becomes a product for each row.</param>
    public static void Run(KernelSet kernels, WeightFormat format, byte* rows, ReadOnlySpan<float> x, Span<float> y)
    {
        switch (kernels)
        {
            case VectorKernels<Vector512<float>, Simd512>:
                Run<Vector512<float>, Simd512>(format, rows, x, y);
                break;
            case VectorKernels<Vector256<float>, Simd256>:
                Run<Vector256<float>, Simd256>(format, rows, x, y);
                break;
            case VectorKernels<Vector128<float>, Simd128>:
                Run<Vector128<float>, Simd128>(format, rows, x, y);
                break;
            default:
                Run<float, Simd1>(format, rows, x, y);
                break;
        }
    }

    private static void Run<V, S>(WeightFormat format, byte* rows, ReadOnlySpan<float> x, Span<float> y)
        where V : struct
        where S : ISimd<V>
    {
        switch (format)
        {
            case WeightFormat.Q8_0:
                Run<V, S, Q8<V, S>>(rows, x, y);
                break;
            case WeightFormat.Q4_0:
                Run<V, S, Q4<V, S>>(rows, x, y);
                break;
            case WeightFormat.Q4_1:
                Run<V, S, Q4Offset<V, S>>(rows, x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void Run<V, S, B>(byte* rows, ReadOnlySpan<float> x, Span<float> y)
        where V : struct
        where S : ISimd<V>
        where B : struct, IBlock<V>
    {
        long stride = (long)x.Length / Values * B.Bytes;
        float* sums = stackalloc float[Tile * Lanes];
        fixed (float* vector = x)
        {
            for (int row = 0; row < y.Length; row += Tile)
            {
                int count = Math.Min(Tile, y.Length - row);
                byte* first = rows + row * stride;
                // Rows that are not there are the last one again.
                byte* ahead = first + Ahead * Tile * stride;
                SumProducts<V, S, B>(first, first + Math.Min(1, count - 1) * stride, first + Math.Min(2, count - 1) * stride, first + (count - 1) * stride, ahead, vector, x.Length, sums);
                for (int i = 0; i < count; i++)
                    y[row + i] = Fold(sums + i * Lanes);
            }
        }
    }

    // Vectors narrower than sixteen lanes walk the rows once for each group of lanes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumProducts<V, S, B>(byte* row0, byte* row1, byte* row2, byte* row3, byte* ahead, float* x, int length, float* sums)
        where V : struct
        where S : ISimd<V>
        where B : struct, IBlock<V>
    {
        V origin = B.Origin;
        for (int lane = 0; lane < Lanes; lane += S.Width)
        {
            V sum0 = S.Broadcast(0);
            V sum1 = sum0;
            V sum2 = sum0;
            V sum3 = sum0;
            nint block = 0;
            for (int at = lane; at < length; at += Values, block += B.Bytes)
            {
                // May lie past the end: an address that is only asked for need not exist.
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(ahead + Tile * block);
                    Sse.Prefetch0(ahead + Tile * block + CacheLine);
                }
                V first = S.Load(ref *x, (nuint)at);
                V second = S.Load(ref *x, (nuint)(at + Lanes));
                sum0 = B.MultiplyAdd(row0 + block, lane, origin, first, second, sum0);
                sum1 = B.MultiplyAdd(row1 + block, lane, origin, first, second, sum1);
                sum2 = B.MultiplyAdd(row2 + block, lane, origin, first, second, sum2);
                sum3 = B.MultiplyAdd(row3 + block, lane, origin, first, second, sum3);
            }
            S.Store(sum0, ref *sums, (nuint)lane);
            S.Store(sum1, ref *sums, (nuint)(Lanes + lane));
            S.Store(sum2, ref *sums, (nuint)(2 * Lanes + lane));
            S.Store(sum3, ref *sums, (nuint)(3 * Lanes + lane));
        }
    }

    // Halves onto halves.
    private static float Fold(float* sums)
    {
        Vector128<float> four = Vector128.Load(sums) + Vector128.Load(sums + 8) + (Vector128.Load(sums + 4) + Vector128.Load(sums + 12));
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>A format's block of 32 values.</summary>
    private interface IBlock<V>
    {
        static abstract int Bytes { get; }

        /// <summary>What is the same for all blocks.</summary>
        static abstract V Origin { get; }

        /// <summary>The sum and the products of the values lane .. and 16 + lane .. of a block with two vectors.</summary>
        static abstract V MultiplyAdd(byte* block, int lane, V origin, V first, V second, V sum);
    }

    private readonly struct Q8<V, S> : IBlock<V>
        where V : struct
        where S : ISimd<V>
    {
        public static int Bytes => 34;

        public static V Origin => S.Broadcast(0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V MultiplyAdd(byte* block, int lane, V origin, V first, V second, V sum)
        {
            V scale = S.Broadcast(BlockFormat.Value(*(ushort*)block));
            sum = S.FusedMultiplyAdd(first, S.Multiply(S.LoadSignedBytes((sbyte*)block + 2 + lane), scale), sum);
            return S.FusedMultiplyAdd(second, S.Multiply(S.LoadSignedBytes((sbyte*)block + 2 + Lanes + lane), scale), sum);
        }
    }

    // Both formats of nibbles hold them as the engine's blocks do.
    private readonly struct Q4<V, S> : IBlock<V>
        where V : struct
        where S : ISimd<V>
    {
        public static int Bytes => 18;

        public static V Origin => S.Origin(4, 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V MultiplyAdd(byte* block, int lane, V origin, V first, V second, V sum)
        {
            V key = S.Key(4, origin, BlockFormat.Value(*(ushort*)block));
            sum = S.FusedMultiplyAdd(first, S.Decode(4, block + 2, 0, lane, origin, key), sum);
            return S.FusedMultiplyAdd(second, S.Decode(4, block + 2, Lanes, lane, origin, key), sum);
        }
    }

    private readonly struct Q4Offset<V, S> : IBlock<V>
        where V : struct
        where S : ISimd<V>
    {
        public static int Bytes => 20;

        public static V Origin => S.Origin(4, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V MultiplyAdd(byte* block, int lane, V origin, V first, V second, V sum)
        {
            V key = S.Key(4, origin, BlockFormat.Value(*(ushort*)block));
            V least = S.Broadcast(BlockFormat.Value(*(ushort*)(block + 2)));
            sum = S.FusedMultiplyAdd(first, S.Add(S.Decode(4, block + 4, 0, lane, origin, key), least), sum);
            return S.FusedMultiplyAdd(second, S.Add(S.Decode(4, block + 4, Lanes, lane, origin, key), least), sum);
        }
    }
}
