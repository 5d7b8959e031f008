using System.Collections.Immutable;

namespace Skiptune.Comparison;

/// <summary>What came out of a comparison.</summary>
public sealed record ComparisonResult
{
    /// <summary>The base model first, then a row for each variant in the order of the options.</summary>
    public required ImmutableArray<ComparisonRow> Rows { get; init; }

    /// <summary>Runs of each fine-tuned row.</summary>
    public required int Seeds { get; init; }

    /// <summary>The kernel form.</summary>
    public required string Kernels { get; init; }

    /// <summary>The threads.</summary>
    public required int Threads { get; init; }

    /// <summary>The base model's accuracy on the test data, 0 .. 1.</summary>
    public double BaseAccuracy => Rows[0].Accuracy;
}

/// <summary>Progress of a comparison.</summary>
/// <param name="Variant">The row that made a step.</param>
/// <param name="Row">Its number, from 0.</param>
/// <param name="Seed">Its finished runs; 0 after the warm-up.</param>
/// <param name="Seeds">All its runs.</param>
/// <param name="Run">The run that was finished; null after the warm-up.</param>
public sealed record ComparisonProgress(ComparisonVariant Variant, int Row, int Seed, int Seeds, ComparisonRun? Run);
