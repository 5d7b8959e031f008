namespace Skiptune.Streaming.Drift;

/// <summary>How a <see cref="PageHinkley"/> is made. Measured false-alarm rates and delays: docs/drift.md.</summary>
public sealed record PageHinkleyOptions
{
    /// <summary>What a value may differ from the mean without counting, in deviations: 0 to 10; default 0.1. Half the smallest change worth noticing.</summary>
    public double Delta { get; init; } = 0.1;

    /// <summary>The sum of differences at which there is a drift, in deviations: 0.1 to 1e6; default 40.</summary>
    public double Threshold { get; init; } = 40;

    /// <summary>The sum at which there is a warning, as a share of <see cref="Threshold"/>: 0.01 to 1; default 0.6.</summary>
    public double WarningShare { get; init; } = 0.6;

    /// <summary>Samples that only set mean and deviation: 2 to 1e6; default 100.</summary>
    public int MinimumSamples { get; init; } = 100;

    /// <summary>The most that one value counts, in deviations: 1 to 1e6; default 4. A single outlier is no drift.</summary>
    public double Clip { get; init; } = 4;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(Delta, 0, 10);
        OptionRange.Check(Threshold, 0.1, 1e6);
        OptionRange.Check(WarningShare, 0.01, 1);
        OptionRange.Check(MinimumSamples, 2, 1e6);
        OptionRange.Check(Clip, 1, 1e6);
    }
}
