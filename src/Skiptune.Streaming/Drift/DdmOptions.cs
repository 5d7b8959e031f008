namespace Skiptune.Streaming.Drift;

/// <summary>How a <see cref="Ddm"/> is made. Measured false-alarm rates and delays: docs/drift.md.</summary>
public sealed record DdmOptions
{
    /// <summary>Deviations above the lowest error rate at which there is a warning: 0.1 to <see cref="DriftSigmas"/>; default 2.5.</summary>
    public double WarningSigmas { get; init; } = 2.5;

    /// <summary>Deviations above the lowest error rate at which there is a drift: 0.1 to 100; default 4.</summary>
    public double DriftSigmas { get; init; } = 4;

    /// <summary>Samples before there is an error rate to speak of: 2 to 1e6; default 200.</summary>
    public int MinimumSamples { get; init; } = 200;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(DriftSigmas, 0.1, 100);
        OptionRange.Check(WarningSigmas, 0.1, DriftSigmas);
        OptionRange.Check(MinimumSamples, 2, 1e6);
    }
}
