namespace Skiptune.Hardware.Arithmetic;

/// <summary>The few operations that the hardware's arithmetic is made of besides sums and products.</summary>
internal static class FixedPoint
{
    /// <summary>Divides by 2^shift, rounding to the nearest and halves up: what (x + half) >>> shift gives.</summary>
    public static long Round(long value, int shift) => shift == 0 ? value : (value + (1L << (shift - 1))) >> shift;

    /// <summary>The nearest number that fits into so many bits, two's complement.</summary>
    public static int Saturate(long value, int bits) => (int)Math.Clamp(value, -(1L << (bits - 1)), (1L << (bits - 1)) - 1);

    /// <summary>The nearest fixed-point number of a real one.</summary>
    /// <param name="value">The real number.</param>
    /// <param name="fraction">Bits behind the point.</param>
    /// <param name="bits">All bits.</param>
    public static int Of(double value, int fraction, int bits) =>
        Saturate((long)Math.Floor(Math.Clamp(value * Math.Pow(2, fraction), -1e15, 1e15) + 0.5), bits);

    /// <summary>The real number.</summary>
    public static double Real(long value, int fraction) => value * Math.Pow(2, -fraction);
}
