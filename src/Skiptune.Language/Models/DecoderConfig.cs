namespace Skiptune.Language.Models;

/// <summary>The extents of a decoder of the Llama family.</summary>
public sealed record DecoderConfig
{
    /// <summary>Values of the residual stream (d).</summary>
    public required int Width { get; init; }

    /// <summary>Values between the two products of a feed-forward layer.</summary>
    public required int Hidden { get; init; }

    /// <summary>Blocks (L).</summary>
    public required int Blocks { get; init; }

    /// <summary>Heads of the queries.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of keys and values; a divisor of <see cref="Heads"/> (grouped-query attention: Ainslie et al., 2023).</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Values of a head; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Tokens (V).</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The most tokens of a sequence.</summary>
    public required int Context { get; init; }

    /// <summary>Added to the mean square of a row that is normalised; default 1e-5.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>The base of the rotary frequencies; default 10000.</summary>
    public float RotaryBase { get; init; } = 10000;

    /// <summary>Which values turn together.</summary>
    public RotaryLayout RotaryLayout { get; init; }

    /// <summary>How positions are stretched; default null: not at all.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>The values of all queries of a token.</summary>
    public int QueryWidth => Heads * HeadSize;

    /// <summary>The values of all keys of a token, or of all values.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadSize;

    /// <summary>Throws unless the extents are possible together.</summary>
    /// <exception cref="SkiptuneException">An extent is out of range.</exception>
    public void Check()
    {
        Require(Width is >= 1 and <= 1 << 16, "width", Width, 1 << 16);
        Require(Hidden is >= 1 and <= 1 << 18, "feed-forward width", Hidden, 1 << 18);
        Require(Blocks is >= 1 and <= 1024, "number of blocks", Blocks, 1024);
        Require(Heads is >= 1 and <= 1024, "number of heads", Heads, 1024);
        Require(KeyValueHeads is >= 1 and <= 1024 && Heads % KeyValueHeads == 0, "number of key-value heads", KeyValueHeads, Heads);
        Require(HeadSize is >= 2 and <= 1024 && HeadSize % 2 == 0, "head size", HeadSize, 1024);
        Require(Vocabulary is >= 1 and <= 1 << 20, "vocabulary", Vocabulary, 1 << 20);
        Require(Context is >= 1 and <= 1 << 22, "context", Context, 1 << 22);
        if (!(NormEpsilon > 0 && NormEpsilon < 1) || !(RotaryBase > 1 && float.IsFinite(RotaryBase)))
            throw new SkiptuneException($"a norm epsilon of {NormEpsilon} or a rotary base of {RotaryBase} is not possible");
        if (RotaryScaling is { } scaling && !(scaling.Factor > 0 && float.IsFinite(scaling.Factor) && scaling.HighFrequency >= scaling.LowFrequency))
            throw new SkiptuneException($"the rotary scaling {scaling} is not possible");
    }

    private static void Require(bool condition, string what, int value, int most)
    {
        if (!condition)
            throw new SkiptuneException($"the {what} cannot be {value} (at most {most}, and fitting the other extents)");
    }
}
