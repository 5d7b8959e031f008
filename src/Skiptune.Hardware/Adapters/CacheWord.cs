using Skiptune.Hardware.Arithmetic;

namespace Skiptune.Hardware.Adapters;

/// <summary>A word of the cache: as many values as there are lanes, each level * scale.</summary>
/// <param name="Levels">0 .. 15.</param>
/// <param name="Scale">Q2.14.</param>
internal sealed record CacheWord(byte[] Levels, int Scale);

/// <summary>Activations of 8 bits to words of the cache: what hw/rtl/block_quantiser.sv computes.</summary>
internal static class BlockQuantizer
{
    /// <summary>1/15 in Q.16, exact: 65535 = 15 * 4369.</summary>
    public const int Fifteenth = 4369;

    private const int ReciprocalShift = 12;

    private const int MostLevel = (1 << Formats.LevelBits) - 1;

    /// <summary>15 * 4096 / largest, rounded; 0 for an empty block.</summary>
    public static int Reciprocal(int largest) => largest == 0 ? 0 : ((MostLevel << ReciprocalShift) + largest / 2) / largest;

    /// <summary>One word.</summary>
    /// <param name="values">As many values as lanes.</param>
    /// <param name="exponent">A value v means v / 2^exponent.</param>
    public static CacheWord Quantize(ReadOnlySpan<byte> values, int exponent)
    {
        int largest = 0;
        foreach (byte value in values)
            largest = Math.Max(largest, value);
        int reciprocal = Reciprocal(largest);
        byte[] levels = new byte[values.Length];
        for (int i = 0; i < levels.Length; i++)
            levels[i] = (byte)FixedPoint.Round(values[i] * reciprocal, ReciprocalShift);
        long scale = FixedPoint.Round(largest * Fifteenth, 16 - Formats.ScaleFraction + exponent);
        return new CacheWord(levels, (int)Math.Min(scale, (1 << Formats.ScaleBits) - 1));
    }

    /// <summary>All words of a sample.</summary>
    public static CacheWord[] Words(Base.IntegerNetwork network, byte[][] taps, int lanes)
    {
        List<CacheWord> words = [];
        for (int k = 0; k < taps.Length; k++)
            words.AddRange(Pack(taps[k], lanes).Select(word => Quantize(word, network.TapExponent(k))));
        return [.. words];
    }

    /// <summary>Values cut into words, the last filled with zeros: what hw/rtl/word_packer.sv does.</summary>
    public static IEnumerable<byte[]> Pack(byte[] values, int lanes)
    {
        for (int first = 0; first < values.Length; first += lanes)
        {
            byte[] word = new byte[lanes];
            values.AsSpan(first, Math.Min(lanes, values.Length - first)).CopyTo(word);
            yield return word;
        }
    }
}
