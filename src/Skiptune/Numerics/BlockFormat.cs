namespace Skiptune.Numerics;

/// <summary>
/// How a block of up to <see cref="MaxValues"/> float32 values becomes small integers and one float16 scale.
/// <para>Unsigned (for values that are 0 or more): scale = maximum / (2^bits - 1), level = round(value / scale).</para>
/// <para>Signed: scale = extreme / -2^(bits-1), where the extreme is the value of largest magnitude (the positive
/// one of two), level = round(value / scale) in -2^(bits-1) .. 2^(bits-1)-1, stored with 2^(bits-1) added.</para>
/// <para>Rounding is floor(x + 1/2); levels are taken against the scale as stored, so the error of an unsigned value
/// is at most half a scale, and of a signed one at most one scale, and 2^(bits-12) of a scale more where the negative
/// extreme's opposite has no level. Scales below 2^-14 float16 rounds to steps of 2^-24, which the block's largest values
/// feel: up to 2^(bits-25) more.</para>
/// <para>Packing goes by units of 32 values, the last padded with zeros. A unit of b bits is a part of b bits (for
/// 3: a part of the 2 low bits, then one of the high bit); a part of p bits has 4p bytes, and byte j holds the values
/// j + 4p*k at the bits p*k.</para>
/// </summary>
/// <param name="Bits">2, 3, 4 or 8.</param>
/// <param name="Signed">Whether values below zero exist.</param>
internal readonly record struct BlockFormat(int Bits, bool Signed)
{
    public const int MaxValues = 64;

    public const int UnitValues = 32;

    /// <summary>2^112: what the bits of a float16, moved to where a float32 has its exponent, are too small by.</summary>
    public const float HalfRange = 5.192296858534828e33f;

    /// <summary>The largest stored level.</summary>
    public int MaxLevel => (1 << Bits) - 1;

    /// <summary>What is added to a level before it is stored.</summary>
    public int Offset => Signed ? 1 << (Bits - 1) : 0;

    /// <summary>The bits of the parts of a unit, the low bits' first.</summary>
    public ReadOnlySpan<int> Parts => Bits switch
    {
        2 => [2],
        3 => [2, 1],
        4 => [4],
        _ => [8],
    };

    /// <summary>The bytes of a block of that many values.</summary>
    public int PackedBytes(int values) => (values + UnitValues - 1) / UnitValues * Bits * (UnitValues / 8);

    /// <summary>The scale of a block whose values lie between the two.</summary>
    public Half ScaleFor(float minimum, float maximum)
    {
        // A zero is a positive one.
        float extreme = (Signed && -minimum > maximum ? minimum : maximum) + 0f;
        float scale = Signed ? extreme / -(1 << (Bits - 1)) : Math.Max(extreme, 0) / MaxLevel;
        return (Half)Math.Clamp(scale, -65504f, 65504f);
    }

    /// <summary>What values are multiplied with to become levels.</summary>
    public static float InverseOf(Half scale)
    {
        float value = Value(BitConverter.HalfToUInt16Bits(scale));
        return value == 0 ? 0 : 1 / value;
    }

    /// <summary>The value of a finite float16.</summary>
    public static float Value(ushort half)
    {
        // Exponent and significand in place below the sign, and no copies of the sign between.
        const int Mask = unchecked((int)0x8FFFE000);
        return BitConverter.Int32BitsToSingle(((short)half << 13) & Mask) * HalfRange;
    }

    /// <summary>Packs the stored levels of a block; levels past the last value are zero.</summary>
    public void Pack(ReadOnlySpan<byte> levels, Span<byte> packed)
    {
        packed[..PackedBytes(levels.Length)].Clear();
        int at = 0;
        for (int unit = 0; unit < levels.Length; unit += UnitValues)
        {
            int shift = 0;
            foreach (int bits in Parts)
            {
                int bytes = 4 * bits;
                int count = Math.Min(UnitValues, levels.Length - unit);
                for (int i = 0; i < count; i++)
                    packed[at + i % bytes] |= (byte)((levels[unit + i] >> shift & (1 << bits) - 1) << i / bytes * bits);
                at += bytes;
                shift += bits;
            }
        }
    }

    /// <summary>The stored level of one value of a block.</summary>
    public int Unpack(ReadOnlySpan<byte> packed, int index)
    {
        int at = index / UnitValues * Bits * (UnitValues / 8);
        int i = index % UnitValues;
        int level = 0;
        int shift = 0;
        foreach (int bits in Parts)
        {
            int bytes = 4 * bits;
            level |= (packed[at + i % bytes] >> i / bytes * bits & (1 << bits) - 1) << shift;
            at += bytes;
            shift += bits;
        }
        return level;
    }
}
