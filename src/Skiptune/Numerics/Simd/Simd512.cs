using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>512-bit vectors.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Width => 16;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Even, Vector512<float> Odd) Unzip(Vector512<float> first, Vector512<float> second)
    {
        Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
        Vector512<int> odd = Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15);
        return (
            Vector512.Create(Vector512.Shuffle(first, even).GetLower(), Vector512.Shuffle(second, even).GetLower()),
            Vector512.Create(Vector512.Shuffle(first, odd).GetLower(), Vector512.Shuffle(second, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> First, Vector512<float> Second) Zip(Vector512<float> even, Vector512<float> odd)
    {
        if (Avx512F.IsSupported)
        {
            return (
                Avx512F.PermuteVar16x32x2(even, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), odd),
                Avx512F.PermuteVar16x32x2(even, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), odd));
        }
        Vector512<int> lower = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        Vector512<int> upper = Vector512.Create(8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
        Vector512<float> evens = Vector512.Create(-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
        return (
            Vector512.ConditionalSelect(evens, Vector512.Shuffle(even, lower), Vector512.Shuffle(odd, lower)),
            Vector512.ConditionalSelect(evens, Vector512.Shuffle(even, upper), Vector512.Shuffle(odd, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> SelectEqual(Vector512<float> left, Vector512<float> right, Vector512<float> equal, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.Equals(left, right), equal, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, ref float destination, nuint offset) => value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right) => Vector512.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) => Vector512.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Raise(Vector512<float> value, Vector512<float> low) =>
        Avx512F.IsSupported ? Avx512F.Max(low, value) : Vector512.ConditionalSelect(Vector512.GreaterThan(low, value), low, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Lower(Vector512<float> value, Vector512<float> high) =>
        Avx512F.IsSupported ? Avx512F.Min(high, value) : Vector512.ConditionalSelect(Vector512.LessThan(high, value), high, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Floor(Vector512<float> value) => Vector512.Floor(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WherePositive(Vector512<float> condition, Vector512<float> value) =>
        Vector512.GreaterThan(condition, Vector512<float>.Zero) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Select(Vector512<float> condition, Vector512<float> positive, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(condition, Vector512<float>.Zero), positive, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exponent(Vector512<float> value) =>
        Vector512.ConvertToSingle(((Vector512.AsInt32(value) >>> 23) & Vector512.Create(0xFF)) - Vector512.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Significand(Vector512<float> value) =>
        ((Vector512.AsInt32(value) & Vector512.Create(0x7FFFFF)) | Vector512.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PowerOfTwo(Vector512<float> exponent) =>
        ((Vector512.ConvertToInt32Native(exponent) + Vector512.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> value)
    {
        return Simd256.SumLanes(value.GetLower() + value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        // The quarters of the vectors: 0 and 1 of both in one vector, 2 and 3 of both in the other.
        const byte Low = 0b01_00_01_00;
        const byte High = 0b11_10_11_10;
        Vector512<float> left = Avx512F.Shuffle4x128(first, second, Low) + Avx512F.Shuffle4x128(first, second, High);
        Vector512<float> right = Avx512F.Shuffle4x128(third, fourth, Low) + Avx512F.Shuffle4x128(third, fourth, High);
        const byte Even = 0b10_00_10_00;
        const byte Odd = 0b11_01_11_01;
        Vector512<float> quarters = Avx512F.Shuffle4x128(left, right, Even) + Avx512F.Shuffle4x128(left, right, Odd);
        Vector512<float> pairs = quarters + Avx512F.Permute4x32(quarters, 0b01_00_11_10);
        Vector512<float> sums = pairs + Avx512F.Permute4x32(pairs, 0b10_11_00_01);
        return Avx512F.PermuteVar16x32(sums, Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)).GetLower().GetLower();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadPartial(float* source, int count) => Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector512<float> value, float* destination, int count) => Avx512F.MaskStore(destination, First(count), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector512<int> bits = Avx512F.ConvertToVector512Int32(Vector256.Load(source));
        Vector512<int> magnitude = (bits & Vector512.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector512.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector512.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(byte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadSignedBytes(sbyte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> value, byte* destination) =>
        Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32Native(value)).Store(destination);

    // Up to 4 bits the key is the table of all values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Origin(int bits, float offset) => bits > 4
        ? Vector512.Create(offset)
        : Vector512.ConvertToSingle(Vector512<int>.Indices & Vector512.Create((1 << bits) - 1)) - Vector512.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Key(int bits, Vector512<float> origin, float scale) =>
        bits > 4 ? Vector512.Create(scale) : origin * Vector512.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Decode(int bits, byte* unit, int half, int lane, Vector512<float> origin, Vector512<float> key)
    {
        if (bits == 8)
            return (LoadBytes(unit + half) - origin) * key;
        // Only the low four bits of an index count.
        Vector512<int> levels = bits switch
        {
            4 => Avx512F.ConvertToVector512Int32(Vector128.Load(unit)) >>> (half / 4),
            2 => Pairs(unit, half),
            _ => (Pairs(unit, half) & Vector512.Create(3)) | ((Singles(unit + 8, half) & Vector512.Create(1)) << 2),
        };
        return Avx512F.PermuteVar16x32(key, levels);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Pairs(byte* part, int half) => Avx512F.ShiftRightLogicalVariable(
        Avx512F.ConvertToVector512Int32(Vector128.Create(*(ulong*)part).AsByte()),
        (half == 0 ? Vector512.Create(0u, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2) : Vector512.Create(4u, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Singles(byte* part, int half) => Avx512F.ShiftRightLogicalVariable(
        Avx512F.ConvertToVector512Int32(Vector128.Create(*(uint*)part).AsByte()),
        (half == 0 ? Vector512.Create(0u, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3) : Vector512.Create(4u, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLanes(Vector512<float> value) => Simd256.MaxLanes(Vector256.Max(value.GetLower(), value.GetUpper()));
}
