namespace Skiptune.Streaming.Drift;

/// <summary>
/// What a drift detector may look at for one sample. Detectors over one value read <see cref="Value"/>;
/// detectors over the input itself read <see cref="Features"/> and <see cref="Class"/>.
/// </summary>
/// <param name="value">An error, a loss or an anomaly score; finite.</param>
/// <param name="features">The sample's features, or empty where there are none; valid for the call only.</param>
/// <param name="class">The class predicted, or 0 where there are no classes.</param>
public readonly ref struct DriftInput(double value, ReadOnlySpan<float> features = default, int @class = 0)
{
    /// <summary>An error, a loss or an anomaly score; finite.</summary>
    public double Value { get; } = value;

    /// <summary>The sample's features; valid for the call only.</summary>
    public ReadOnlySpan<float> Features { get; } = features;

    /// <summary>The class predicted, from 0.</summary>
    public int Class { get; } = @class;
}
