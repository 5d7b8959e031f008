using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Skiptune.Numerics.Simd;

/// <summary>128-bit vectors.</summary>
internal unsafe struct Simd128 : ISimd<Simd128>
{
    public Vector128<float> Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Simd128(Vector128<float> value) => new() { Value = value };

    public static int Width => 4;

    public static int Registers => Vector512.IsHardwareAccelerated || AdvSimd.Arm64.IsSupported ? 32 : 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd128 Even, Simd128 Odd) Unzip(Simd128 first, Simd128 second)
    {
        Vector128<int> even = Vector128.Create(0, 2, 0, 2);
        Vector128<int> odd = Vector128.Create(1, 3, 1, 3);
        return (
            Vector128.Create(Vector128.Shuffle(first.Value, even).GetLower(), Vector128.Shuffle(second.Value, even).GetLower()),
            Vector128.Create(Vector128.Shuffle(first.Value, odd).GetLower(), Vector128.Shuffle(second.Value, odd).GetLower()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Simd128 First, Simd128 Second) Zip(Simd128 even, Simd128 odd)
    {
        if (Sse.IsSupported)
            return (Sse.UnpackLow(even.Value, odd.Value), Sse.UnpackHigh(even.Value, odd.Value));
        if (AdvSimd.Arm64.IsSupported)
            return (AdvSimd.Arm64.ZipLow(even.Value, odd.Value), AdvSimd.Arm64.ZipHigh(even.Value, odd.Value));
        Vector128<int> lower = Vector128.Create(0, 0, 1, 1);
        Vector128<int> upper = Vector128.Create(2, 2, 3, 3);
        Vector128<float> evens = Vector128.Create(-1, 0, -1, 0).AsSingle();
        return (
            Vector128.ConditionalSelect(evens, Vector128.Shuffle(even.Value, lower), Vector128.Shuffle(odd.Value, lower)),
            Vector128.ConditionalSelect(evens, Vector128.Shuffle(even.Value, upper), Vector128.Shuffle(odd.Value, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 SelectEqual(Simd128 left, Simd128 right, Simd128 equal, Simd128 otherwise) =>
        Vector128.ConditionalSelect(Vector128.Equals(left.Value, right.Value), equal.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Broadcast(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Load(ref float source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Simd128 value, ref float destination, nuint offset) => value.Value.StoreUnsafe(ref destination, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Add(Simd128 left, Simd128 right) => left.Value + right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Subtract(Simd128 left, Simd128 right) => left.Value - right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Multiply(Simd128 left, Simd128 right) => left.Value * right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Divide(Simd128 left, Simd128 right) => left.Value / right.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 FusedMultiplyAdd(Simd128 left, Simd128 right, Simd128 addend) =>
        Vector128.FusedMultiplyAdd(left.Value, right.Value, addend.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(ref Simd128 sum, Simd128 left, Simd128 right) =>
        sum.Value = Vector128.FusedMultiplyAdd(left.Value, right.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Max(Simd128 left, Simd128 right) => Vector128.Max(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Min(Simd128 left, Simd128 right) => Vector128.Min(left.Value, right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Raise(Simd128 value, Simd128 low) =>
        Sse.IsSupported ? Sse.Max(low.Value, value.Value) : Vector128.ConditionalSelect(Vector128.GreaterThan(low.Value, value.Value), low.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Lower(Simd128 value, Simd128 high) =>
        Sse.IsSupported ? Sse.Min(high.Value, value.Value) : Vector128.ConditionalSelect(Vector128.LessThan(high.Value, value.Value), high.Value, value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 value) => Vector128.Sqrt(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Floor(Simd128 value) => Vector128.Floor(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Abs(Simd128 value) => Vector128.Abs(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 WherePositive(Simd128 condition, Simd128 value) =>
        Vector128.GreaterThan(condition.Value, Vector128<float>.Zero) & value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Select(Simd128 condition, Simd128 positive, Simd128 otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(condition.Value, Vector128<float>.Zero), positive.Value, otherwise.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Exponent(Simd128 value) =>
        Vector128.ConvertToSingle(((Vector128.AsInt32(value.Value) >>> 23) & Vector128.Create(0xFF)) - Vector128.Create(127));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Significand(Simd128 value) =>
        ((Vector128.AsInt32(value.Value) & Vector128.Create(0x7FFFFF)) | Vector128.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 PowerOfTwo(Simd128 exponent) =>
        ((Vector128.ConvertToInt32Native(exponent.Value) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Simd128 value)
    {
        Vector128<float> pairs = value.Value + Vector128.Shuffle(value.Value, Vector128.Create(2, 3, 2, 3));
        return pairs.GetElement(0) + pairs.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(Simd128 first, Simd128 second, Simd128 third, Simd128 fourth)
    {
        Vector128<float> left = Vector128.Create(first.Value.GetLower(), second.Value.GetLower()) + Vector128.Create(first.Value.GetUpper(), second.Value.GetUpper());
        Vector128<float> right = Vector128.Create(third.Value.GetLower(), fourth.Value.GetLower()) + Vector128.Create(third.Value.GetUpper(), fourth.Value.GetUpper());
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(left, right);
        if (Sse.IsSupported)
            return Sse.Shuffle(left, right, 0b10_00_10_00) + Sse.Shuffle(left, right, 0b11_01_11_01);
        return Vector128.Create(
            left.GetElement(0) + left.GetElement(1), left.GetElement(2) + left.GetElement(3), right.GetElement(0) + right.GetElement(1), right.GetElement(2) + right.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadPartial(float* source, int count)
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
    public static void StorePartial(Simd128 value, float* destination, int count)
    {
        if (count >= Width)
        {
            value.Value.Store(destination);
            return;
        }
        if (count > 0)
            destination[0] = value.Value.GetElement(0);
        if (count > 1)
            destination[1] = value.Value.GetElement(1);
        if (count > 2)
            destination[2] = value.Value.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadHalves(ushort* source)
    {
        // The exponent's bias is 127 - 15 larger; the product is exact, for the smallest too.
        Vector128<int> bits = Vector128.WidenLower(Vector128.Create(*(ulong*)source, 0).AsUInt16()).AsInt32();
        Vector128<int> magnitude = (bits & Vector128.Create(0x7FFF)) << 13;
        return ((magnitude.AsSingle() * Vector128.Create(BlockFormat.HalfRange)).AsInt32() | ((bits & Vector128.Create(0x8000)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadBytes(byte* source) => Vector128.ConvertToSingle(Widen(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LoadSignedBytes(sbyte* source) => Vector128.ConvertToSingle(Sse41.IsSupported
        ? Sse41.ConvertToVector128Int32(source)
        : Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(int*)source).AsSByte())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Simd128 value, byte* destination)
    {
        Vector128<ushort> words = Vector128.Narrow(Vector128.ConvertToInt32Native(value.Value), Vector128<int>.Zero).AsUInt16();
        *(uint*)destination = Vector128.Narrow(words, words).AsUInt32().GetElement(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Origin(int bits, float offset) => Vector128.Create(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Key(int bits, Simd128 origin, float scale) => Vector128.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Decode(int bits, byte* unit, int half, int lane, Simd128 origin, Simd128 key)
    {
        Vector128<int> levels = bits switch
        {
            8 => Widen(unit + half + lane),
            4 => (Widen(unit + lane) >>> (half / 4)) & Vector128.Create(15),
            2 => Pairs(unit, half, lane),
            _ => Pairs(unit, half, lane) | (((Widen(unit + 8) >>> ((half + lane) / 4)) & Vector128.Create(1)) << 2),
        };
        return (Vector128.ConvertToSingle(levels) - origin.Value) * key.Value;
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
    public static float MaxLanes(Simd128 value)
    {
        Vector128<float> pairs = Vector128.Max(value.Value, Vector128.Shuffle(value.Value, Vector128.Create(2, 3, 2, 3)));
        return Vector128.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 1, 1, 1))).GetElement(0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LargestLanes(Simd128 first, Simd128 second, Simd128 third, Simd128 fourth)
    {
        Vector128<float> left = Largest(first, second);
        Vector128<float> right = Largest(third, fourth);
        return Raise(Vector128.Create(left.GetLower(), right.GetLower()), Vector128.Create(left.GetUpper(), right.GetUpper())).Value;

        static Vector128<float> Largest(Simd128 even, Simd128 odd)
        {
            (Simd128 lower, Simd128 upper) = Zip(even, odd);
            return Raise(lower, upper).Value;
        }
    }
}
