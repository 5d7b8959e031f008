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
            case VectorKernels<Simd512>:
                Run<Simd512>(format, rows, x, y);
                break;
            case VectorKernels<Simd256>:
                Run<Simd256>(format, rows, x, y);
                break;
            case VectorKernels<Simd128>:
                Run<Simd128>(format, rows, x, y);
                break;
            default:
                Run<Simd1>(format, rows, x, y);
                break;
        }
    }

    private static void Run<V>(WeightFormat format, byte* rows, ReadOnlySpan<float> x, Span<float> y)
        where V : struct, ISimd<V>
    {
        switch (format)
        {
            case WeightFormat.Q8_0:
                Run<V, Q8<V>>(rows, x, y);
                break;
            case WeightFormat.Q4_0:
                Run<V, Q4<V>>(rows, x, y);
                break;
            case WeightFormat.Q4_1:
                Run<V, Q4Offset<V>>(rows, x, y);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void Run<V, B>(byte* rows, ReadOnlySpan<float> x, Span<float> y)
        where V : struct, ISimd<V>
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
                SumProducts<V, B>(first, first + Math.Min(1, count - 1) * stride, first + Math.Min(2, count - 1) * stride, first + (count - 1) * stride, ahead, vector, x.Length, sums);
                for (int i = 0; i < count; i++)
                    y[row + i] = Fold(sums + i * Lanes);
            }
        }
    }

    // Vectors narrower than sixteen lanes walk the rows once for each group of lanes.
    [MethodImpl(KernelCode.Optimized)]
    private static void SumProducts<V, B>(byte* row0, byte* row1, byte* row2, byte* row3, byte* ahead, float* x, int length, float* sums)
        where V : struct, ISimd<V>
        where B : struct, IBlock<V>
    {
        V origin = B.Origin;
        for (int lane = 0; lane < Lanes; lane += V.Width)
        {
            V sum0 = V.Broadcast(0);
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
                V first = V.Load(ref *x, (nuint)at);
                V second = V.Load(ref *x, (nuint)(at + Lanes));
                B.MultiplyAdd(ref sum0, row0 + block, lane, origin, first, second);
                B.MultiplyAdd(ref sum1, row1 + block, lane, origin, first, second);
                B.MultiplyAdd(ref sum2, row2 + block, lane, origin, first, second);
                B.MultiplyAdd(ref sum3, row3 + block, lane, origin, first, second);
            }
            V.Store(sum0, ref *sums, (nuint)lane);
            V.Store(sum1, ref *sums, (nuint)(Lanes + lane));
            V.Store(sum2, ref *sums, (nuint)(2 * Lanes + lane));
            V.Store(sum3, ref *sums, (nuint)(3 * Lanes + lane));
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

        /// <summary>Adds to a sum the products of the values lane .. and 16 + lane .. of a block with two vectors.</summary>
        static abstract void MultiplyAdd(ref V sum, byte* block, int lane, V origin, V first, V second);
    }

    private readonly struct Q8<V> : IBlock<V>
        where V : struct, ISimd<V>
    {
        public static int Bytes => 34;

        public static V Origin => V.Broadcast(0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref V sum, byte* block, int lane, V origin, V first, V second)
        {
            V scale = V.Broadcast(BlockFormat.Value(*(ushort*)block));
            V.MultiplyAdd(ref sum, first, V.Multiply(V.LoadSignedBytes((sbyte*)block + 2 + lane), scale));
            V.MultiplyAdd(ref sum, second, V.Multiply(V.LoadSignedBytes((sbyte*)block + 2 + Lanes + lane), scale));
        }
    }

    // Both formats of nibbles hold them as the engine's blocks do.
    private readonly struct Q4<V> : IBlock<V>
        where V : struct, ISimd<V>
    {
        public static int Bytes => 18;

        public static V Origin => V.Origin(4, 8);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref V sum, byte* block, int lane, V origin, V first, V second)
        {
            V key = V.Key(4, origin, BlockFormat.Value(*(ushort*)block));
            V.MultiplyAdd(ref sum, first, V.Decode(4, block + 2, 0, lane, origin, key));
            V.MultiplyAdd(ref sum, second, V.Decode(4, block + 2, Lanes, lane, origin, key));
        }
    }

    private readonly struct Q4Offset<V> : IBlock<V>
        where V : struct, ISimd<V>
    {
        public static int Bytes => 20;

        public static V Origin => V.Origin(4, 0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void MultiplyAdd(ref V sum, byte* block, int lane, V origin, V first, V second)
        {
            V key = V.Key(4, origin, BlockFormat.Value(*(ushort*)block));
            V least = V.Broadcast(BlockFormat.Value(*(ushort*)(block + 2)));
            V.MultiplyAdd(ref sum, first, V.Add(V.Decode(4, block + 4, 0, lane, origin, key), least));
            V.MultiplyAdd(ref sum, second, V.Add(V.Decode(4, block + 4, Lanes, lane, origin, key), least));
        }
    }
}
