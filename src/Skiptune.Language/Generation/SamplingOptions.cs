using System.Collections.Immutable;

namespace Skiptune.Language.Generation;

/// <summary>How the next token is chosen.</summary>
public sealed record SamplingOptions
{
    /// <summary>Logits are divided by it; 0 takes the most likely token. Default 0.8.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Only the fewest tokens that together have this probability take part; default 0.95, 1 for all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Only that many of the most likely tokens take part; default 0: all.</summary>
    public int TopK { get; init; }

    /// <summary>The most tokens made; default 256.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>The same seed gives the same text; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Tokens that end the text besides those of the model; default none.</summary>
    public ImmutableHashSet<int> Stops { get; init; } = [];

    /// <summary>Throws unless all options are in range.</summary>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public void Check()
    {
        if (!(Temperature >= 0 && float.IsFinite(Temperature)))
            throw new SkiptuneException($"the temperature must be 0 or more, not {Temperature}");
        if (!(TopP > 0 && TopP <= 1))
            throw new SkiptuneException($"top-p must be above 0 and at most 1, not {TopP}");
        if (TopK < 0)
            throw new SkiptuneException($"top-k must be 0 (all tokens) or more, not {TopK}");
        if (MaxTokens < 1)
            throw new SkiptuneException($"the most tokens must be 1 or more, not {MaxTokens}");
    }
}
