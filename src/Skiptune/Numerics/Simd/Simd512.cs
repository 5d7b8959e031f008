using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>512-bit vectors.</summary>
internal unsafe struct Simd512 : ISimd<Simd512>
{
    public Vector512<float> Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Simd512(Vector512<float> value) => new() { Value = value };

    public static int Width => 16;

    public static int Registers => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd512 Even, Simd512 Odd) Unzip(Simd512 first, Simd512 second)
    {
        Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
        Vector512<int> odd = Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15);
        return (
            Vector512.Create(Vector512.Shuffle(first.Value, even).GetLower(), Vector512.Shuffle(second.Value, even).GetLower()),
            Vector512.Create(Vector512.Shuffle(first.Value, odd).GetLower(), Vector512.Shuffle(second.Value, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd512 First, Simd512 Second) Zip(Simd512 even, Simd512 odd)
    {
        if (Avx512F.IsSupported)
        {
            return (
                Avx512F.PermuteVar16x32x2(even.Value, Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), odd.Value),
                Avx512F.PermuteVar16x32x2(even.Value, Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), odd.Value));
        }
        Vector512<int> lower = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        Vector512<int> upper = Vector512.Create(8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
        Vector512<float> evens = Vector512.Create(-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
        return (
            Vector512.ConditionalSelect(evens, Vector512.Shuffle(even.Value, lower), Vector512.Shuffle(odd.Value, lower)),
            Vector512.ConditionalSelect(evens, Vector512.Shuffle(even.Value, upper), Vector512.Shuffle(odd.Value, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 SelectEqual(Simd512 left, Simd512 right, Simd512 equal, Simd512 otherwise) =>
        Vector512.ConditionalSelect(Vector512.Equals(left.Value, right.Value), equal.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Broadcast(float value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Load(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd512 value, ref float destination, nuint offset) => value.Value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Add(Simd512 left, Simd512 right) => left.Value + right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Subtract(Simd512 left, Simd512 right) => left.Value - right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Multiply(Simd512 left, Simd512 right) => left.Value * right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Divide(Simd512 left, Simd512 right) => left.Value / right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 FusedMultiplyAdd(Simd512 left, Simd512 right, Simd512 addend) =>
        Vector512.FusedMultiplyAdd(left.Value, right.Value, addend.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(ref Simd512 sum, Simd512 left, Simd512 right) =>
        sum.Value = Vector512.FusedMultiplyAdd(left.Value, right.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Max(Simd512 left, Simd512 right) => Vector512.Max(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Min(Simd512 left, Simd512 right) => Vector512.Min(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Raise(Simd512 value, Simd512 low) =>
        Avx512F.IsSupported ? Avx512F.Max(low.Value, value.Value) : Vector512.ConditionalSelect(Vector512.GreaterThan(low.Value, value.Value), low.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Lower(Simd512 value, Simd512 high) =>
        Avx512F.IsSupported ? Avx512F.Min(high.Value, value.Value) : Vector512.ConditionalSelect(Vector512.LessThan(high.Value, value.Value), high.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 value) => Vector512.Sqrt(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Floor(Simd512 value) => Vector512.Floor(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Abs(Simd512 value) => Vector512.Abs(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 WherePositive(Simd512 condition, Simd512 value) =>
        Vector512.GreaterThan(condition.Value, Vector512<float>.Zero) & value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Select(Simd512 condition, Simd512 positive, Simd512 otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(condition.Value, Vector512<float>.Zero), positive.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Exponent(Simd512 value) =>
        Vector512.ConvertToSingle(((Vector512.AsInt32(value.Value) >>> 23) & Vector512.Create(0xFF)) - Vector512.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Significand(Simd512 value) =>
        ((Vector512.AsInt32(value.Value) & Vector512.Create(0x7FFFFF)) | Vector512.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 PowerOfTwo(Simd512 exponent) =>
        ((Vector512.ConvertToInt32Native(exponent.Value) + Vector512.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Simd512 value)
    {
        return Simd256.SumLanes(value.Value.GetLower() + value.Value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Simd512 first, Simd512 second, Simd512 third, Simd512 fourth)
    {
        // The quarters of the vectors: 0 and 1 of both in one vector, 2 and 3 of both in the other.
        const byte Low = 0b01_00_01_00;
        const byte High = 0b11_10_11_10;
        Vector512<float> left = Avx512F.Shuffle4x128(first.Value, second.Value, Low) + Avx512F.Shuffle4x128(first.Value, second.Value, High);
        Vector512<float> right = Avx512F.Shuffle4x128(third.Value, fourth.Value, Low) + Avx512F.Shuffle4x128(third.Value, fourth.Value, High);
        const byte Even = 0b10_00_10_00;
        const byte Odd = 0b11_01_11_01;
        Vector512<float> quarters = Avx512F.Shuffle4x128(left, right, Even) + Avx512F.Shuffle4x128(left, right, Odd);
        Vector512<float> pairs = quarters + Avx512F.Permute4x32(quarters, 0b01_00_11_10);
        Vector512<float> sums = pairs + Avx512F.Permute4x32(pairs, 0b10_11_00_01);
        return Avx512F.PermuteVar16x32(sums, Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)).GetLower().GetLower();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadPartial(float* source, int count) => Avx512F.MaskLoad(source, First(count), Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Simd512 value, float* destination, int count) => Avx512F.MaskStore(destination, First(count), value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector512<int> bits = Avx512F.ConvertToVector512Int32(Vector256.Load(source));
        Vector512<int> magnitude = (bits & Vector512.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector512.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector512.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadBytes(byte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LoadSignedBytes(sbyte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Simd512 value, byte* destination) =>
        Avx512F.ConvertToVector128Byte(Vector512.ConvertToInt32Native(value.Value)).Store(destination);

    // Up to 4 bits the key is the table of all values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Origin(int bits, float offset) => bits > 4
        ? Vector512.Create(offset)
        : Vector512.ConvertToSingle(Vector512<int>.Indices & Vector512.Create((1 << bits) - 1)) - Vector512.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Key(int bits, Simd512 origin, float scale) =>
        bits > 4 ? Vector512.Create(scale) : origin.Value * Vector512.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Decode(int bits, byte* unit, int half, int lane, Simd512 origin, Simd512 key)
    {
        if (bits == 8)
            return (LoadBytes(unit + half).Value - origin.Value) * key.Value;
        // Only the low four bits of an index count.
        Vector512<int> levels = bits switch
        {
            4 => Avx512F.ConvertToVector512Int32(Vector128.Load(unit)) >>> (half / 4),
            2 => Pairs(unit, half),
            _ => (Pairs(unit, half) & Vector512.Create(3)) | ((Singles(unit + 8, half) & Vector512.Create(1)) << 2),
        };
        return Avx512F.PermuteVar16x32(key.Value, levels);
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
    public static float MaxLanes(Simd512 value) => Simd256.MaxLanes(Vector256.Max(value.Value.GetLower(), value.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LargestLanes(Simd512 first, Simd512 second, Simd512 third, Simd512 fourth) =>
        Simd256.LargestLanes(Largest(first), Largest(second), Largest(third), Largest(fourth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd256 Largest(Simd512 value) => Simd256.Raise(value.Value.GetLower(), value.Value.GetUpper());
}
