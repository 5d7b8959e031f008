using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>128-bit vectors.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Width => 4;

    public static int Registers => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Even, Vector128<float> Odd) Unzip(Vector128<float> first, Vector128<float> second)
    {
        Vector128<int> even = Vector128.Create(0, 2, 0, 2);
        Vector128<int> odd = Vector128.Create(1, 3, 1, 3);
        return (
            Vector128.Create(Vector128.Shuffle(first, even).GetLower(), Vector128.Shuffle(second, even).GetLower()),
            Vector128.Create(Vector128.Shuffle(first, odd).GetLower(), Vector128.Shuffle(second, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> First, Vector128<float> Second) Zip(Vector128<float> even, Vector128<float> odd)
    {
        if (Sse.IsSupported)
            return (Sse.UnpackLow(even, odd), Sse.UnpackHigh(even, odd));
        if (AdvSimd.Arm64.IsSupported)
            return (AdvSimd.Arm64.ZipLow(even, odd), AdvSimd.Arm64.ZipHigh(even, odd));
        Vector128<int> lower = Vector128.Create(0, 0, 1, 1);
        Vector128<int> upper = Vector128.Create(2, 2, 3, 3);
        Vector128<float> evens = Vector128.Create(-1, 0, -1, 0).AsSingle();
        return (
            Vector128.ConditionalSelect(evens, Vector128.Shuffle(even, lower), Vector128.Shuffle(odd, lower)),
            Vector128.ConditionalSelect(evens, Vector128.Shuffle(even, upper), Vector128.Shuffle(odd, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectEqual(Vector128<float> left, Vector128<float> right, Vector128<float> equal, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.Equals(left, right), equal, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref float source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref float destination, nuint offset) => value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => left - right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> FusedMultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Vector128.FusedMultiplyAdd(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Vector128.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Vector128.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Raise(Vector128<float> value, Vector128<float> low) =>
        Sse.IsSupported ? Sse.Max(low, value) : Vector128.ConditionalSelect(Vector128.GreaterThan(low, value), low, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Lower(Vector128<float> value, Vector128<float> high) =>
        Sse.IsSupported ? Sse.Min(high, value) : Vector128.ConditionalSelect(Vector128.LessThan(high, value), high, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> value) => Vector128.Sqrt(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Floor(Vector128<float> value) => Vector128.Floor(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> value) => Vector128.Abs(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> WherePositive(Vector128<float> condition, Vector128<float> value) =>
        Vector128.GreaterThan(condition, Vector128<float>.Zero) & value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Select(Vector128<float> condition, Vector128<float> positive, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(condition, Vector128<float>.Zero), positive, otherwise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exponent(Vector128<float> value) =>
        Vector128.ConvertToSingle(((Vector128.AsInt32(value) >>> 23) & Vector128.Create(0xFF)) - Vector128.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Significand(Vector128<float> value) =>
        ((Vector128.AsInt32(value) & Vector128.Create(0x7FFFFF)) | Vector128.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> PowerOfTwo(Vector128<float> exponent) =>
        ((Vector128.ConvertToInt32Native(exponent) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector128<float> value)
    {
        Vector128<float> pairs = value + Vector128.Shuffle(value, Vector128.Create(2, 3, 2, 3));
        return pairs.GetElement(0) + pairs.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth)
    {
        Vector128<float> left = Vector128.Create(first.GetLower(), second.GetLower()) + Vector128.Create(first.GetUpper(), second.GetUpper());
        Vector128<float> right = Vector128.Create(third.GetLower(), fourth.GetLower()) + Vector128.Create(third.GetUpper(), fourth.GetUpper());
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(left, right);
        if (Sse.IsSupported)
            return Sse.Shuffle(left, right, 0b10_00_10_00) + Sse.Shuffle(left, right, 0b11_01_11_01);
        return Vector128.Create(
            left.GetElement(0) + left.GetElement(1), left.GetElement(2) + left.GetElement(3), right.GetElement(0) + right.GetElement(1), right.GetElement(2) + right.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadPartial(float* source, int count)
    {
        if (count >= Width)
            return Vector128.Load(source);
        if (Avx.IsSupported)
            return Avx.MaskLoad(source, First(count));
        Vector128<float> value = Vector128<float>.Zero;
        if (count > 0)
            value = value.WithElement(0, source[0]);
        if (count > 1)
            value = value.WithElement(1, source[1]);
        return count > 2 ? value.WithElement(2, source[2]) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Vector128<float> value, float* destination, int count)
    {
        if (count >= Width)
        {
            value.Store(destination);
            return;
        }
        if (count > 0)
            destination[0] = value.GetElement(0);
        if (count > 1)
            destination[1] = value.GetElement(1);
        if (count > 2)
            destination[2] = value.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector128<int> bits = Vector128.WidenLower(Vector128.Create(*(ulong*)source, 0).AsUInt16()).AsInt32();
        Vector128<int> magnitude = (bits & Vector128.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector128.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector128.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadBytes(byte* source) => Vector128.ConvertToSingle(Widen(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadSignedBytes(sbyte* source) => Vector128.ConvertToSingle(Sse41.IsSupported
        ? Sse41.ConvertToVector128Int32(source)
        : Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(int*)source).AsSByte())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector128<float> value, byte* destination)
    {
        Vector128<ushort> words = Vector128.Narrow(Vector128.ConvertToInt32Native(value), Vector128<int>.Zero).AsUInt16();
        *(uint*)destination = Vector128.Narrow(words, words).AsUInt32().GetElement(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Origin(int bits, float offset) => Vector128.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Key(int bits, Vector128<float> origin, float scale) => Vector128.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Decode(int bits, byte* unit, int half, int lane, Vector128<float> origin, Vector128<float> key)
    {
        Vector128<int> levels = bits switch
        {
            8 => Widen(unit + half + lane),
            4 => (Widen(unit + lane) >>> (half / 4)) & Vector128.Create(15),
            2 => Pairs(unit, half, lane),
            _ => Pairs(unit, half, lane) | (((Widen(unit + 8) >>> ((half + lane) / 4)) & Vector128.Create(1)) << 2),
        };
        return (Vector128.ConvertToSingle(levels) - origin) * key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(byte* part, int half, int lane) =>
        (Widen(part + (lane & 4)) >>> ((half / 4) + (lane / 8 * 2))) & Vector128.Create(3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Widen(byte* source) => Sse41.IsSupported
        ? Sse41.ConvertToVector128Int32(source)
        : Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)source).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> First(int count) => Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLanes(Vector128<float> value)
    {
        Vector128<float> pairs = Vector128.Max(value, Vector128.Shuffle(value, Vector128.Create(2, 3, 2, 3)));
        return Vector128.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 1, 1, 1))).GetElement(0);
    }
}
