using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Language.Weights;

/// <summary>
/// The product of a row of packed weights and a vector, decoded in registers: what generation spends its time on. The bits
/// are those of the decoded row and the engine's dot product of sixteen partial sums.
/// </summary>
internal static unsafe class WeightDot
{
    private const int Values = 32;

    private const int Lanes = 16;

    /// <summary>The product.</summary>
    /// <param name="format">Q8_0, Q4_0 or Q4_1.</param>
    /// <param name="row">The row's blocks, as many as the vector fills.</param>
    /// <param name="x">The vector, whole blocks.</param>
    public static float Run(WeightFormat format, byte* row, ReadOnlySpan<float> x) => format switch
    {
        WeightFormat.Q8_0 => Run<Q8>(row, x),
        WeightFormat.Q4_0 => Run<Q4>(row, x),
        WeightFormat.Q4_1 => Run<Q4Offset>(row, x),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The value of a finite float16, in fewer steps than the general conversion.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Half(ushort bits)
    {
        const float Rebias = 5.192296858534828e33f; // 2^112: from the exponent's bias of 15 to that of 127
        float magnitude = BitConverter.UInt32BitsToSingle((uint)(bits & 0x7FFF) << 13) * Rebias;
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    private static float Run<T>(byte* row, ReadOnlySpan<float> x)
        where T : struct, IBlock
    {
        ref float values = ref MemoryMarshal.GetReference(x);
        Vector512<float> sums = Vector512<float>.Zero;
        for (nuint at = 0; at < (nuint)x.Length; at += Values, row += T.Bytes)
        {
            T.Decode(row, out Vector512<float> first, out Vector512<float> second);
            sums = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, at), first, sums);
            sums = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref values, at + Lanes), second, sums);
        }
        // Halves onto halves.
        Vector256<float> eight = sums.GetLower() + sums.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nibbles(byte* levels, float scale, float offset, out Vector512<float> first, out Vector512<float> second)
    {
        Vector128<byte> both = Vector128.Load(levels);
        Vector512<float> offsets = Vector512.Create(offset);
        first = Unsigned(both & Vector128.Create((byte)15)) * scale + offsets;
        second = Unsigned(Vector128.ShiftRightLogical(both, 4)) * scale + offsets;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Unsigned(Vector128<byte> levels) =>
        Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.WidenLower(levels.ToVector256Unsafe()).ToVector512Unsafe()).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Signed(byte* levels) =>
        Vector512.ConvertToSingle(Vector512.WidenLower(Vector256.WidenLower(Vector128.Load((sbyte*)levels).ToVector256Unsafe()).ToVector512Unsafe()));

    /// <summary>A format's block of 32 values.</summary>
    private interface IBlock
    {
        static abstract int Bytes { get; }

        static abstract void Decode(byte* block, out Vector512<float> first, out Vector512<float> second);
    }

    private readonly struct Q8 : IBlock
    {
        public static int Bytes => 34;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Decode(byte* block, out Vector512<float> first, out Vector512<float> second)
        {
            float scale = Half(*(ushort*)block);
            (first, second) = (Signed(block + 2) * scale, Signed(block + 2 + Lanes) * scale);
        }
    }

    private readonly struct Q4 : IBlock
    {
        public static int Bytes => 18;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Decode(byte* block, out Vector512<float> first, out Vector512<float> second)
        {
            float scale = Half(*(ushort*)block);
            Nibbles(block + 2, scale, -8 * scale, out first, out second);
        }
    }

    private readonly struct Q4Offset : IBlock
    {
        public static int Bytes => 20;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Decode(byte* block, out Vector512<float> first, out Vector512<float> second) =>
            Nibbles(block + 4, Half(*(ushort*)block), Half(*(ushort*)(block + 2)), out first, out second);
    }
}
