namespace Skiptune.Streaming.Anomaly;

/// <summary>What is done to a sample before it reaches the autoencoder. Nothing of it knows of anomalies: means and spreads are those of the samples learnt.</summary>
public enum InputScale
{
    /// <summary>Nothing: the values are already near 0 and of similar size.</summary>
    None,

    /// <summary>Each feature less its running mean, over its running standard deviation.</summary>
    Standardize,

    /// <summary>
    /// ln(max(x, 0) + <see cref="OnladOptions.LogFloor"/>), then as <see cref="Standardize"/>: for spectra, powers and counts,
    /// whose spread grows with their size.
    /// </summary>
    LogStandardize,
}
