using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>256-bit vectors.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Width => 8;

    public static int Registers => Vector512.IsHardwareAccelerated ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) Unzip(Vector256<float> first, Vector256<float> second)
    {
        Vector256<int> even = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6);
        Vector256<int> odd = Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7);
        return (
            Vector256.Create(Vector256.Shuffle(first, even).GetLower(), Vector256.Shuffle(second, even).GetLower()),
            Vector256.Create(Vector256.Shuffle(first, odd).GetLower(), Vector256.Shuffle(second, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> First, Vector256<float> Second) Zip(Vector256<float> even, Vector256<float> odd)
    {
        if (Avx.IsSupported)
        {
            (Vector256<float> low, Vector256<float> high) = (Avx.UnpackLow(even, odd), Avx.UnpackHigh(even, odd));
            return (Avx.Permute2x128(low, high, 0x20), Avx.Permute2x128(low, high, 0x31));
        }
        Vector256<int> lower = Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3);
        Vector256<int> upper = Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7);
        Vector256<float> evens = Vector256.Create(-1, 0, -1, 0, -1, 0, -1, 0).AsSingle();
        return (
            Vector256.ConditionalSelect(evens, Vector256.Shuffle(even, lower), Vector256.Shuffle(odd, lower)),
            Vector256.ConditionalSelect(evens, Vector256.Shuffle(even, upper), Vector256.Shuffle(odd, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SelectEqual(Vector256<float> left, Vector256<float> right, Vector256<float> equal, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.Equals(left, right), equal, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, ref float destination, nuint offset) => value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Subtract(Vector256<float> left, Vector256<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FusedMultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> addend) =>
        Vector256.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right) => Vector256.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right) => Vector256.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Raise(Vector256<float> value, Vector256<float> low) =>
        Avx.IsSupported ? Avx.Max(low, value) : Vector256.ConditionalSelect(Vector256.GreaterThan(low, value), low, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Lower(Vector256<float> value, Vector256<float> high) =>
        Avx.IsSupported ? Avx.Min(high, value) : Vector256.ConditionalSelect(Vector256.LessThan(high, value), high, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sqrt(Vector256<float> value) => Vector256.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Floor(Vector256<float> value) => Vector256.Floor(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Abs(Vector256<float> value) => Vector256.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WherePositive(Vector256<float> condition, Vector256<float> value) =>
        Vector256.GreaterThan(condition, Vector256<float>.Zero) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Select(Vector256<float> condition, Vector256<float> positive, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(condition, Vector256<float>.Zero), positive, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exponent(Vector256<float> value) =>
        Vector256.ConvertToSingle(((Vector256.AsInt32(value) >>> 23) & Vector256.Create(0xFF)) - Vector256.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Significand(Vector256<float> value) =>
        ((Vector256.AsInt32(value) & Vector256.Create(0x7FFFFF)) | Vector256.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> PowerOfTwo(Vector256<float> exponent) =>
        ((Vector256.ConvertToInt32Native(exponent) + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector256<float> value)
    {
        return Simd128.SumLanes(value.GetLower() + value.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Vector256<float> first, Vector256<float> second, Vector256<float> third, Vector256<float> fourth) => Simd128.SumLanes(
        first.GetLower() + first.GetUpper(), second.GetLower() + second.GetUpper(), third.GetLower() + third.GetUpper(), fourth.GetLower() + fourth.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadPartial(float* source, int count) => Avx.MaskLoad(source, First(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector256<float> value, float* destination, int count) => Avx.MaskStore(destination, First(count), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector256<int> bits = Avx2.ConvertToVector256Int32(Vector128.Load(source));
        Vector256<int> magnitude = (bits & Vector256.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector256.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector256.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadBytes(byte* source) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadSignedBytes(sbyte* source) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector256<float> value, byte* destination)
    {
        Vector256<int> levels = Vector256.ConvertToInt32Native(value);
        Vector128<short> words = Vector128.Narrow(levels.GetLower(), levels.GetUpper());
        *(ulong*)destination = Vector128.Narrow(words.AsUInt16(), words.AsUInt16()).AsUInt64().GetElement(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Origin(int bits, float offset) => Vector256.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Key(int bits, Vector256<float> origin, float scale) => Vector256.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Decode(int bits, byte* unit, int half, int lane, Vector256<float> origin, Vector256<float> key)
    {
        Vector256<int> levels = bits switch
        {
            8 => Avx2.ConvertToVector256Int32(unit + half + lane),
            4 => (Avx2.ConvertToVector256Int32(unit + lane) >>> (half / 4)) & Vector256.Create(15),
            2 => Pairs(unit, half, lane),
            _ => Pairs(unit, half, lane) | Singles(unit + 8, half, lane),
        };
        return (Vector256.ConvertToSingle(levels) - origin) * key;
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
    public static float MaxLanes(Vector256<float> value) => Simd128.MaxLanes(Vector128.Max(value.GetLower(), value.GetUpper()));
}
