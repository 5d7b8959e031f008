using System.Collections.Immutable;

namespace Skiptune.Hardware;

/// <summary>One tapped value: the input of a weight layer, as the accelerator keeps it.</summary>
/// <param name="Channels">Channels; the accelerator keeps them together for each place.</param>
/// <param name="Places">Places of each channel, 1 for a vector.</param>
public sealed record TappedLayer(int Channels, int Places)
{
    /// <summary>The number of values N_k.</summary>
    public int Values => Channels * Places;

    /// <summary>Where the accelerator's i-th value stands in the network's own order (channel by channel).</summary>
    /// <param name="index">The position in the accelerator, 0 .. Values - 1.</param>
    public int NetworkIndex(int index) => index % Channels * Places + index / Channels;

    /// <summary>The cache words that it takes.</summary>
    /// <param name="lanes">Values of a word.</param>
    public int Words(int lanes) => (Values + lanes - 1) / lanes;
}

/// <summary>The network that the base array computes: the reference CNN of the Skip2-LoRA papers.</summary>
public static class LayerTable
{
    /// <summary>Pixels on an edge of an image.</summary>
    public const int ImageEdge = 28;

    /// <summary>Pixels of an image.</summary>
    public const int Pixels = ImageEdge * ImageEdge;

    /// <summary>What the adapters read, in order.</summary>
    public static ImmutableArray<TappedLayer> Taps { get; } = [new(1, Pixels), new(6, 14 * 14), new(16, 5 * 5), new(120, 1), new(84, 1)];

    /// <summary>Cache words of a sample.</summary>
    /// <param name="lanes">Values of a word.</param>
    public static int Words(int lanes) => Taps.Sum(tap => tap.Words(lanes));

    /// <summary>The first cache word of a layer in a sample.</summary>
    /// <param name="layer">The layer, 0 .. 4.</param>
    /// <param name="lanes">Values of a word.</param>
    public static int FirstWord(int layer, int lanes) => Taps.Take(layer).Sum(tap => tap.Words(lanes));
}
