using System.Collections.Immutable;
using Skiptune.FineTuning;

namespace Skiptune.Comparison;

/// <summary>What to compare, and how often.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The ways to fine-tune, one row each; default <see cref="ComparisonVariant.Default"/>.</summary>
    public ImmutableArray<ComparisonVariant> Variants { get; init; } = ComparisonVariant.Default;

    /// <summary>
    /// What all rows have in common; its method and cache are replaced by each row's. An optimizer without a learning
    /// rate takes each method's default.
    /// </summary>
    public FineTuneOptions FineTuning { get; init; } = new();

    /// <summary>
    /// Runs a row, 1 to 1000; default 5. Run i of every row has the seed <see cref="FineTuneOptions.Seed"/> + i, so
    /// rows can be compared pair by pair.
    /// </summary>
    public int Seeds { get; init; } = 5;

    /// <summary>Steps that each row makes before anything is timed, 0 to 100000; default 60.</summary>
    public int WarmUpSteps { get; init; } = 60;

    /// <summary>Throws unless all options are in range and fit each other.</summary>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public void Check()
    {
        if (Variants.IsDefaultOrEmpty)
            throw new SkiptuneException("there is nothing to compare; name at least one method");
        if (Seeds is < 1 or > 1000)
            throw new SkiptuneException($"the seeds must be 1 to 1000, not {Seeds}");
        if (WarmUpSteps is < 0 or > 100_000)
            throw new SkiptuneException($"the warm-up steps must be 0 to 100000, not {WarmUpSteps}");
        foreach (ComparisonVariant variant in Variants)
            For(variant, 0).Check();
    }

    /// <summary>The options of one run. Many runs in turn have no one state to save.</summary>
    internal FineTuneOptions For(ComparisonVariant variant, int run) =>
        FineTuning with { Method = variant.Method, Cache = variant.Cache, Seed = FineTuning.Seed + run, Checkpoint = null };
}
