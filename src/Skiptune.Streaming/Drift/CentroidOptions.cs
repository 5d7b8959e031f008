namespace Skiptune.Streaming.Drift;

/// <summary>How a <see cref="Centroid"/> is made. Measured false-alarm rates and delays: docs/drift.md.</summary>
public sealed record CentroidOptions
{
    /// <summary>Values in a sample: 1 to 65536.</summary>
    public required int Features { get; init; }

    /// <summary>Classes: 1 to 1024; default 1.</summary>
    public int Classes { get; init; } = 1;

    /// <summary>Samples from which the centroids are learnt: 10 to 1e6; default 200.</summary>
    public int Reference { get; init; } = 200;

    /// <summary>Samples in a row whose centroids are compared with those: 2 to 1e5; default 40.</summary>
    public int Window { get; init; } = 40;

    /// <summary>Windows behind the reference that show how large the distance is without a drift: 4 to 1000; default 8.</summary>
    public int CalibrationWindows { get; init; } = 8;

    /// <summary>
    /// The first threshold: a window is opened by a sample whose value, an anomaly score, lies this many deviations above the mean of
    /// the reference; 0 to 100; default 1. Null opens one window after the other, for streams without a score.
    /// </summary>
    public double? ErrorSigmas { get; init; } = 1;

    /// <summary>The second threshold: a window is a drift if its distance lies this many deviations above that of calm ones; 0.1 to 1000; default 5.</summary>
    public double DriftSigmas { get; init; } = 5;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal void Check()
    {
        OptionRange.Check(Features, 1, 65536);
        OptionRange.Check(Classes, 1, 1024);
        OptionRange.Check(Reference, 10, 1e6);
        OptionRange.Check(Window, 2, 1e5);
        OptionRange.Check(CalibrationWindows, 4, 1000);
        OptionRange.Check(ErrorSigmas ?? 0, 0, 100, nameof(ErrorSigmas));
        OptionRange.Check(DriftSigmas, 0.1, 1000);
    }
}
