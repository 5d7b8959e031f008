using System.Collections.Immutable;

namespace Skiptune.Comparison;

/// <summary>One run of a row: one seed.</summary>
/// <param name="Accuracy">The share of the test samples that are classified right, 0 .. 1.</param>
/// <param name="Seconds">Wall-clock time of the fine-tuning, filling the cache included, evaluation excluded.</param>
/// <param name="FillSeconds">The part of it that filled the cache.</param>
/// <param name="FinalLoss">The mean training loss of the last epoch in nats; of the untouched model for the base.</param>
public sealed record ComparisonRun(double Accuracy, double Seconds, double FillSeconds, double FinalLoss);

/// <summary>One way to fine-tune, measured.</summary>
public sealed record ComparisonRow
{
    /// <summary>The name of the row of the base model, which nothing was done to.</summary>
    public const string BaseName = "none";

    /// <summary>The method's name, or <see cref="BaseName"/>.</summary>
    public required string Method { get; init; }

    /// <summary>The name of the cache format.</summary>
    public required string Cache { get; init; }

    /// <summary>The runs in the order of their seeds; one for the base.</summary>
    public required ImmutableArray<ComparisonRun> Runs { get; init; }

    /// <summary>The bytes of the forward cache.</summary>
    public required long CacheBytes { get; init; }

    /// <summary>The values the optimizer changed.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>The mean accuracy over the runs.</summary>
    public double Accuracy => Runs.Average(run => run.Accuracy);

    /// <summary>The sample standard deviation of the accuracy; 0 for a single run.</summary>
    public double AccuracyDeviation
    {
        get
        {
            if (Runs.Length < 2)
                return 0;
            double mean = Accuracy;
            return Math.Sqrt(Runs.Sum(run => (run.Accuracy - mean) * (run.Accuracy - mean)) / (Runs.Length - 1));
        }
    }

    /// <summary>The mean time.</summary>
    public double Seconds => Runs.Average(run => run.Seconds);

    /// <summary>The median time, which a disturbance of one run does not move.</summary>
    public double MedianSeconds => Median(run => run.Seconds);

    /// <summary>The mean time spent filling the cache.</summary>
    public double FillSeconds => Runs.Average(run => run.FillSeconds);

    /// <summary>The median time spent filling the cache.</summary>
    public double MedianFillSeconds => Median(run => run.FillSeconds);

    /// <summary>The mean of the final losses.</summary>
    public double FinalLoss => Runs.Average(run => run.FinalLoss);

    private double Median(Func<ComparisonRun, double> value)
    {
        double[] sorted = [.. Runs.Select(value).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
