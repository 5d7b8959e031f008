using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>256-bit vectors.</summary>
internal unsafe struct Simd256 : ISimd<Simd256>
{
    public Vector256<float> Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Simd256(Vector256<float> value) => new() { Value = value };

    public static int Width => 8;

    public static int Registers => Vector512.IsHardwareAccelerated ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd256 Even, Simd256 Odd) Unzip(Simd256 first, Simd256 second)
    {
        Vector256<int> even = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6);
        Vector256<int> odd = Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7);
        return (
            Vector256.Create(Vector256.Shuffle(first.Value, even).GetLower(), Vector256.Shuffle(second.Value, even).GetLower()),
            Vector256.Create(Vector256.Shuffle(first.Value, odd).GetLower(), Vector256.Shuffle(second.Value, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd256 First, Simd256 Second) Zip(Simd256 even, Simd256 odd)
    {
        if (Avx.IsSupported)
        {
            (Vector256<float> low, Vector256<float> high) = (Avx.UnpackLow(even.Value, odd.Value), Avx.UnpackHigh(even.Value, odd.Value));
            return (Avx.Permute2x128(low, high, 0x20), Avx.Permute2x128(low, high, 0x31));
        }
        Vector256<int> lower = Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3);
        Vector256<int> upper = Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7);
        Vector256<float> evens = Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
        return (
            Vector256.ConditionalSelect(evens, Vector256.Shuffle(even.Value, lower), Vector256.Shuffle(odd.Value, lower)),
            Vector256.ConditionalSelect(evens, Vector256.Shuffle(even.Value, upper), Vector256.Shuffle(odd.Value, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 SelectEqual(Simd256 left, Simd256 right, Simd256 equal, Simd256 otherwise) =>
        Vector256.ConditionalSelect(Vector256.Equals(left.Value, right.Value), equal.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Load(ref float source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd256 value, ref float destination, nuint offset) => value.Value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Add(Simd256 left, Simd256 right) => left.Value + right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Subtract(Simd256 left, Simd256 right) => left.Value - right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Multiply(Simd256 left, Simd256 right) => left.Value * right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Divide(Simd256 left, Simd256 right) => left.Value / right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 FusedMultiplyAdd(Simd256 left, Simd256 right, Simd256 addend) =>
        Vector256.FusedMultiplyAdd(left.Value, right.Value, addend.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(ref Simd256 sum, Simd256 left, Simd256 right) =>
        sum.Value = Vector256.FusedMultiplyAdd(left.Value, right.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Max(Simd256 left, Simd256 right) => Vector256.Max(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Min(Simd256 left, Simd256 right) => Vector256.Min(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Raise(Simd256 value, Simd256 low) =>
        Avx.IsSupported ? Avx.Max(low.Value, value.Value) : Vector256.ConditionalSelect(Vector256.GreaterThan(low.Value, value.Value), low.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Lower(Simd256 value, Simd256 high) =>
        Avx.IsSupported ? Avx.Min(high.Value, value.Value) : Vector256.ConditionalSelect(Vector256.LessThan(high.Value, value.Value), high.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 value) => Vector256.Sqrt(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Floor(Simd256 value) => Vector256.Floor(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Abs(Simd256 value) => Vector256.Abs(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 WherePositive(Simd256 condition, Simd256 value) =>
        Vector256.GreaterThan(condition.Value, Vector256<float>.Zero) & value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Select(Simd256 condition, Simd256 positive, Simd256 otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(condition.Value, Vector256<float>.Zero), positive.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Exponent(Simd256 value) =>
        Vector256.ConvertToSingle(((Vector256.AsInt32(value.Value) >>> 23) & Vector256.Create(0xFF)) - Vector256.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Significand(Simd256 value) =>
        ((Vector256.AsInt32(value.Value) & Vector256.Create(0x7FFFFF)) | Vector256.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 PowerOfTwo(Simd256 exponent) =>
        ((Vector256.ConvertToInt32Native(exponent.Value) + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Simd256 value)
    {
        return Simd128.SumLanes(value.Value.GetLower() + value.Value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Simd256 first, Simd256 second, Simd256 third, Simd256 fourth) => Simd128.SumLanes(
        first.Value.GetLower() + first.Value.GetUpper(), second.Value.GetLower() + second.Value.GetUpper(), third.Value.GetLower() + third.Value.GetUpper(), fourth.Value.GetLower() + fourth.Value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadPartial(float* source, int count) => Avx.MaskLoad(source, First(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Simd256 value, float* destination, int count) => Avx.MaskStore(destination, First(count), value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector256<int> bits = Avx2.ConvertToVector256Int32(Vector128.Load(source));
        Vector256<int> magnitude = (bits & Vector256.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector256.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector256.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadBytes(byte* source) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LoadSignedBytes(sbyte* source) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Simd256 value, byte* destination)
    {
        Vector256<int> levels = Vector256.ConvertToInt32Native(value.Value);
        Vector128<short> words = Vector128.Narrow(levels.GetLower(), levels.GetUpper());
        *(ulong*)destination = Vector128.Narrow(words.AsUInt16(), words.AsUInt16()).AsUInt64().GetElement(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Origin(int bits, float offset) => Vector256.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Key(int bits, Simd256 origin, float scale) => Vector256.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Decode(int bits, byte* unit, int half, int lane, Simd256 origin, Simd256 key)
    {
        Vector256<int> levels = bits switch
        {
            8 => Avx2.ConvertToVector256Int32(unit + half + lane),
            4 => (Avx2.ConvertToVector256Int32(unit + lane) >>> (half / 4)) & Vector256.Create(15),
            2 => Pairs(unit, half, lane),
            _ => Pairs(unit, half, lane) | Singles(unit + 8, half, lane),
        };
        return (Vector256.ConvertToSingle(levels) - origin.Value) * key.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Pairs(byte* part, int half, int lane) =>
        (Avx2.ConvertToVector256Int32(part) >>> ((half + lane) / 4)) & Vector256.Create(3);

    // The high bits of levels of three.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Singles(byte* part, int half, int lane)
    {
        Vector256<int> bytes = Avx2.ConvertToVector256Int32(Vector128.Create(*(uint*)part).AsByte()) >>> ((half + lane) / 4);
        return (Avx2.ShiftRightLogicalVariable(bytes, Vector256.Create(0u, 0, 0, 0, 1, 1, 1, 1)) & Vector256.Create(1)) << 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLanes(Simd256 value) => Simd128.MaxLanes(Vector128.Max(value.Value.GetLower(), value.Value.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LargestLanes(Simd256 first, Simd256 second, Simd256 third, Simd256 fourth) =>
        Simd128.LargestLanes(Largest(first), Largest(second), Largest(third), Largest(fourth));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Simd128 Largest(Simd256 value) => Simd128.Raise(value.Value.GetLower(), value.Value.GetUpper());
}
