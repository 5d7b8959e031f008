using System.Runtime.Intrinsics;

namespace Skiptune.Numerics.Simd;

/// <summary>
/// The vector operations kernels are written in, once, for every width. All are exact IEEE operations on each
/// lane, so a kernel that orders its sums the same way at every width gives the same bits at every width.
/// </summary>
/// <remarks>
/// Vectors are types of our own: generic code over types of another assembly cannot be compiled beforehand. In memory one is
/// <see cref="Width"/> values and nothing else.
/// </remarks>
/// <typeparam name="V">The vector of float32 itself.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct, ISimd<V>
{
    static abstract int Width { get; }

    /// <summary>How many vector registers there are: 16 or 32.</summary>
    static abstract int Registers { get; }

    /// <summary>The values at even and at odd places of two vectors side by side.</summary>
    static abstract (V Even, V Odd) Unzip(V first, V second);

    /// <summary>Two vectors side by side whose values at even places are the first's and at odd places the second's.</summary>
    static abstract (V First, V Second) Zip(V even, V odd);

    /// <summary>Per lane: left == right ? equal : otherwise; a NaN equals nothing.</summary>
    static abstract V SelectEqual(V left, V right, V equal, V otherwise);

    static abstract V Broadcast(float value);

    static abstract V Load(ref float source, nuint offset);

    static abstract void Store(V value, ref float destination, nuint offset);

    static abstract V Add(V left, V right);

    static abstract V Subtract(V left, V right);

    static abstract V Multiply(V left, V right);

    static abstract V Divide(V left, V right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract V FusedMultiplyAdd(V left, V right, V addend);

    /// <summary>sum += left * right, rounded once: so written, the compiler adds where the sum lies.</summary>
    static abstract void MultiplyAdd(ref V sum, V left, V right);

    /// <summary>The larger of two (IEEE 754-2019 maximum: NaN wins, +0 is above -0).</summary>
    static abstract V Max(V left, V right);

    static abstract V Min(V left, V right);

    /// <summary>Per lane: low &gt; value ? low : value. A NaN stays, and so does a zero of either sign at a low of zero.</summary>
    static abstract V Raise(V value, V low);

    /// <summary>Per lane: high &lt; value ? high : value.</summary>
    static abstract V Lower(V value, V high);

    static abstract V Sqrt(V value);

    static abstract V Floor(V value);

    static abstract V Abs(V value);

    /// <summary>Per lane: condition &gt; 0 ? value : 0.</summary>
    static abstract V WherePositive(V condition, V value);

    /// <summary>Per lane: condition &gt; 0 ? positive : otherwise; a NaN is not above 0.</summary>
    static abstract V Select(V condition, V positive, V otherwise);

    /// <summary>The power of two in each lane's exponent bits: floor(log2 |value|) of a normal number.</summary>
    static abstract V Exponent(V value);

    /// <summary>Each lane without sign and exponent: 1 .. 2 for a normal number.</summary>
    static abstract V Significand(V value);

    /// <summary>2^exponent for whole exponents in -126..127.</summary>
    static abstract V PowerOfTwo(V exponent);

    /// <summary>The sum of all lanes: halves onto halves.</summary>
    static abstract float SumLanes(V value);

    /// <summary>The largest lane; a NaN wins.</summary>
    static abstract float MaxLanes(V value);

    /// <summary>The sums of the lanes of four vectors, each as <see cref="SumLanes(V)"/> adds them.</summary>
    static abstract Vector128<float> SumLanes(V first, V second, V third, V fourth);

    /// <summary>The largest lane of each of four vectors of finite numbers; among zeros one of either sign.</summary>
    static abstract Vector128<float> LargestLanes(V first, V second, V third, V fourth);

    /// <summary>The first <paramref name="count"/> lanes from memory, zeros behind; touches nothing else.</summary>
    static abstract V LoadPartial(float* source, int count);

    /// <summary>Stores the first <paramref name="count"/> lanes; touches nothing else.</summary>
    static abstract void StorePartial(V value, float* destination, int count);

    /// <summary>The values of float16 numbers, which must be finite.</summary>
    static abstract V LoadHalves(ushort* source);

    /// <summary>Whole numbers of 0..255, a byte each.</summary>
    static abstract V LoadBytes(byte* source);

    /// <summary>Whole numbers of -128..127, a byte each.</summary>
    static abstract V LoadSignedBytes(sbyte* source);

    /// <summary>Stores whole numbers of 0..255, a byte each.</summary>
    static abstract void StoreBytes(V value, byte* destination);

    /// <summary>
    /// What <see cref="Decode"/> needs for levels of that many bits from which an offset is taken; the same for all blocks.
    /// </summary>
    static abstract V Origin(int bits, float offset);

    /// <summary>What <see cref="Decode"/> needs for a block of that scale.</summary>
    static abstract V Key(int bits, V origin, float scale);

    /// <summary>
    /// The values <paramref name="half"/> + <paramref name="lane"/> .. of a unit of 32 packed levels
    /// (<see cref="BlockFormat"/>): (level - offset) * scale.
    /// </summary>
    /// <param name="bits">8, 4, 3 or 2; a constant.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="half">0 or 16; a constant where speed matters.</param>
    /// <param name="lane">A multiple of the width, below 16.</param>
    /// <param name="origin">From <see cref="Origin"/>.</param>
    /// <param name="key">From <see cref="Key"/>.</param>
    static abstract V Decode(int bits, byte* unit, int half, int lane, V origin, V key);
}
