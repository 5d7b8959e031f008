using System.Collections.Immutable;
using Skiptune.Language.Models;

namespace Skiptune.Language.FineTuning;

/// <summary>What the skip adapters of a decoder read.</summary>
public enum DecoderTaps
{
    /// <summary>The residual stream at each block's input, and the final hidden state: L + 1 taps.</summary>
    Residual,

    /// <summary>These, and the inputs of each block's attention output and feed-forward layers: 3 L + 1 taps.</summary>
    All,
}

/// <summary>Where the skip adapters of a decoder add.</summary>
public enum SkipTarget
{
    /// <summary>The final hidden state, before the frozen normalisation and output matrix.</summary>
    Hidden,

    /// <summary>The logits.</summary>
    Logits,
}

/// <summary>The taps by name.</summary>
internal static class TapNames
{
    /// <summary>The values of a decoder's graph that are tapped, and what their parameters are called.</summary>
    public static IEnumerable<(string Parameter, string Value)> Of(DecoderTaps taps, int blocks)
    {
        for (int block = 0; block < blocks; block++)
        {
            yield return ($"{DecoderNames.Block(block)}.input", DecoderNames.BlockInput(block));
            if (taps == DecoderTaps.Residual)
                continue;
            yield return ($"{DecoderNames.Projection(block, 'o')}.input", DecoderNames.Attention(block));
            yield return ($"{DecoderNames.Block(block)}.mlp.input", DecoderNames.FeedForwardNorm(block));
        }
        yield return ($"{DecoderNames.Norm}.input", DecoderNames.BlockInput(blocks));
    }

    /// <summary>The number of taps.</summary>
    public static int Count(DecoderTaps taps, int blocks) => Of(taps, blocks).Count();
}
