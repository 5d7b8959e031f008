using System.Collections.Immutable;

namespace Skiptune.Language.Weights;

/// <summary>How a file holds the values of a weight.</summary>
public enum WeightFormat
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of single precision.</summary>
    BF16,

    /// <summary>Blocks of 32: a float16 scale d and 32 signed bytes; value = d q.</summary>
    Q8_0,

    /// <summary>Blocks of 32: a float16 scale d and 32 nibbles; value = d (q - 8).</summary>
    Q4_0,

    /// <summary>Blocks of 32: float16 scale d and minimum m and 32 nibbles; value = d q + m.</summary>
    Q4_1,
}

/// <summary>The sizes of the formats.</summary>
internal static class WeightFormats
{
    public static ImmutableArray<WeightFormat> All { get; } = [.. Enum.GetValues<WeightFormat>()];

    /// <summary>The values of a block; a row is whole blocks.</summary>
    public static int BlockValues(this WeightFormat format) => format is WeightFormat.Q8_0 or WeightFormat.Q4_0 or WeightFormat.Q4_1 ? 32 : 1;

    /// <summary>The bytes of a block.</summary>
    public static int BlockBytes(this WeightFormat format) => format switch
    {
        WeightFormat.F32 => 4,
        WeightFormat.F16 or WeightFormat.BF16 => 2,
        WeightFormat.Q8_0 => 34,
        WeightFormat.Q4_0 => 18,
        WeightFormat.Q4_1 => 20,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The bytes of that many values, which fill whole blocks.</summary>
    public static long Bytes(this WeightFormat format, long values) => values / format.BlockValues() * format.BlockBytes();
}
