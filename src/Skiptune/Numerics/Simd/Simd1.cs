using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics.Simd;

/// <summary>A vector of one value, so that the scalar kernels run the functions the vector kernels run.</summary>
internal readonly unsafe struct Simd1 : ISimd<float>
{
    public static int Width => 1;

    public static int Registers => 16;

    public static (float Even, float Odd) Unzip(float first, float second) => (first, second);

    public static (float First, float Second) Zip(float even, float odd) => (even, odd);

    public static float SelectEqual(float left, float right, float equal, float otherwise) => left == right ? equal : otherwise;

    public static float Broadcast(float value) => value;

    public static float Load(ref float source, nuint offset) => Unsafe.Add(ref source, offset);

    public static void Store(float value, ref float destination, nuint offset) => Unsafe.Add(ref destination, offset) = value;

    public static float Add(float left, float right) => left + right;

    public static float Subtract(float left, float right) => left - right;

    public static float Multiply(float left, float right) => left * right;

    public static float Divide(float left, float right) => left / right;

    public static float FusedMultiplyAdd(float left, float right, float addend) => MathF.FusedMultiplyAdd(left, right, addend);

    public static float Max(float left, float right) => MathF.Max(left, right);

    public static float Min(float left, float right) => MathF.Min(left, right);

    public static float Raise(float value, float low) => low > value ? low : value;

    public static float Lower(float value, float high) => high < value ? high : value;

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Floor(float value) => MathF.Floor(value);

    public static float Abs(float value) => MathF.Abs(value);

    public static float WherePositive(float condition, float value) => condition > 0 ? value : 0;

    public static float Select(float condition, float positive, float otherwise) => condition > 0 ? positive : otherwise;

    public static float Exponent(float value) => ((BitConverter.SingleToInt32Bits(value) >>> 23) & 0xFF) - 127;

    public static float Significand(float value) => BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(value) & 0x7FFFFF) | 0x3F800000);

    // A NaN counts as 0, so that what it is multiplied with stays NaN.
    public static float PowerOfTwo(float exponent) =>
        float.IsNaN(exponent) ? 1 : BitConverter.Int32BitsToSingle(((int)exponent + 127) << 23);

    public static float SumLanes(float value) => value;

    public static Vector128<float> SumLanes(float first, float second, float third, float fourth) => Vector128.Create(first, second, third, fourth);

    public static float LoadPartial(float* source, int count) => count > 0 ? *source : 0;

    public static void StorePartial(float value, float* destination, int count)
    {
        if (count > 0)
            *destination = value;
    }

    public static float LoadHalves(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static float LoadBytes(byte* source) => *source;

    public static float LoadSignedBytes(sbyte* source) => *source;

    public static void StoreBytes(float value, byte* destination) => *destination = (byte)value;

    public static float Origin(int bits, float offset) => offset;

    public static float Key(int bits, float origin, float scale) => scale;

    public static float Decode(int bits, byte* unit, int half, int lane, float origin, float key) =>
        (new BlockFormat(bits, Signed: false).Unpack(new ReadOnlySpan<byte>(unit, bits * BlockFormat.UnitValues / 8), half + lane) - origin) * key;

    public static float MaxLanes(float value) => value;
}
