using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics.Simd;

/// <summary>A vector of one value, so that the scalar kernels run the functions the vector kernels run.</summary>
internal readonly unsafe struct Simd1 : ISimd<Simd1>
{
    private readonly float _value;

    private Simd1(float value) => _value = value;

    public static implicit operator Simd1(float value) => new(value);

    public static implicit operator float(Simd1 value) => value._value;

    public static int Width => 1;

    public static int Registers => 16;

    public static (Simd1 Even, Simd1 Odd) Unzip(Simd1 first, Simd1 second) => (first, second);

    public static (Simd1 First, Simd1 Second) Zip(Simd1 even, Simd1 odd) => (even, odd);

    public static Simd1 SelectEqual(Simd1 left, Simd1 right, Simd1 equal, Simd1 otherwise) => left == right ? equal : otherwise;

    public static Simd1 Broadcast(float value) => value;

    public static Simd1 Load(ref float source, nuint offset) => Unsafe.Add(ref source, offset);

    public static void Store(Simd1 value, ref float destination, nuint offset) => Unsafe.Add(ref destination, offset) = value;

    public static Simd1 Add(Simd1 left, Simd1 right) => left + right;

    public static Simd1 Subtract(Simd1 left, Simd1 right) => left - right;

    public static Simd1 Multiply(Simd1 left, Simd1 right) => left * right;

    public static Simd1 Divide(Simd1 left, Simd1 right) => left / right;

    public static Simd1 FusedMultiplyAdd(Simd1 left, Simd1 right, Simd1 addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static void MultiplyAdd(ref Simd1 sum, Simd1 left, Simd1 right) => sum = MathF.FusedMultiplyAdd(left, right, sum);

    public static Simd1 Max(Simd1 left, Simd1 right) => MathF.Max(left, right);

    public static Simd1 Min(Simd1 left, Simd1 right) => MathF.Min(left, right);

    public static Simd1 Raise(Simd1 value, Simd1 low) => low > value ? low : value;

    public static Simd1 Lower(Simd1 value, Simd1 high) => high < value ? high : value;

    public static Simd1 Sqrt(Simd1 value) => MathF.Sqrt(value);

    public static Simd1 Floor(Simd1 value) => MathF.Floor(value);

    public static Simd1 Abs(Simd1 value) => MathF.Abs(value);

    public static Simd1 WherePositive(Simd1 condition, Simd1 value) => condition > 0 ? value : 0;

    public static Simd1 Select(Simd1 condition, Simd1 positive, Simd1 otherwise) => condition > 0 ? positive : otherwise;

    public static Simd1 Exponent(Simd1 value) => ((BitConverter.SingleToInt32Bits(value) >>> 23) & 0xFF) - 127;

    public static Simd1 Significand(Simd1 value) => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value) & 0x7FFFFF) | 0x3F800000);

    // A NaN counts as 0, so that what it is multiplied with stays NaN.
    public static Simd1 PowerOfTwo(Simd1 exponent) =>
        float.IsNaN(exponent) ? 1 : BitConverter.Int32BitsToSingle(((int)exponent + 127) << 23);

    public static float SumLanes(Simd1 value) => value;

    public static Vector128<float> SumLanes(Simd1 first, Simd1 second, Simd1 third, Simd1 fourth) => Vector128.Create(first, second, third, fourth);

    public static Simd1 LoadPartial(float* source, int count) => count > 0 ? *source : 0;

    public static void StorePartial(Simd1 value, float* destination, int count)
    {
        if (count > 0)
            *destination = value;
    }

    public static Simd1 LoadHalves(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static Simd1 LoadBytes(byte* source) => *source;

    public static Simd1 LoadSignedBytes(sbyte* source) => *source;

    public static void StoreBytes(Simd1 value, byte* destination) => *destination = (byte)value;

    public static Simd1 Origin(int bits, float offset) => offset;

    public static Simd1 Key(int bits, Simd1 origin, float scale) => scale;

    public static Simd1 Decode(int bits, byte* unit, int half, int lane, Simd1 origin, Simd1 key) =>
        (new BlockFormat(bits, Signed: false).Unpack(new ReadOnlySpan<byte>(unit, bits * BlockFormat.UnitValues / 8), half + lane) - origin) * key;

    public static float MaxLanes(Simd1 value) => value;

    public static Vector128<float> LargestLanes(Simd1 first, Simd1 second, Simd1 third, Simd1 fourth) => Vector128.Create(first, second, third, fourth);
}
