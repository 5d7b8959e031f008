using System.Collections.Immutable;

namespace Skiptune.FineTuning;

/// <summary>What a method needs to know to change a graph.</summary>
/// <param name="Rank">The rank of low-rank adapters.</param>
/// <param name="Alpha">Their output is scaled by Alpha / Rank.</param>
/// <param name="Seed">The seed of initial values.</param>
internal sealed record AdapterOptions(int Rank, float Alpha, long Seed)
{
    /// <summary>What the skip methods tap; empty for the inputs of all layers within the budget.</summary>
    public ImmutableArray<TapRule> Taps { get; init; } = [];

    /// <summary>The classes of a new head, or null to keep the model's own.</summary>
    public int? Classes { get; init; }

    /// <summary>The output, or null for the model's only one.</summary>
    public string? Output { get; init; }

    public float Factor => Alpha / Rank;
}

/// <summary>Which streams of the seed are used for what.</summary>
internal static class RandomStreams
{
    /// <summary>The order of the samples, one stream an epoch.</summary>
    public const long Order = 0;

    /// <summary>Initial values, one stream a parameter.</summary>
    public const long Parameters = 1L << 32;
}
