namespace Skiptune.FineTuning;

/// <summary>What a method needs to know to change a graph.</summary>
/// <param name="Rank">The rank of low-rank adapters.</param>
/// <param name="Alpha">Their output is scaled by Alpha / Rank.</param>
/// <param name="Seed">The seed of initial values.</param>
internal sealed record AdapterOptions(int Rank, float Alpha, long Seed)
{
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
