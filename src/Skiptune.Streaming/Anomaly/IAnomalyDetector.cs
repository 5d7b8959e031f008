namespace Skiptune.Streaming.Anomaly;

/// <summary>Scores how far a sample is from what has been normal, and learns the normal one sample at a time.</summary>
public interface IAnomalyDetector : IStreamState
{
    /// <summary>The score of a sample, finite and from 0 on; changes nothing.</summary>
    /// <exception cref="ArgumentException">A value is beyond what the detector takes.</exception>
    float Score(ReadOnlySpan<float> x);

    /// <summary>Learns a sample and returns the score it had before.</summary>
    float Learn(ReadOnlySpan<float> x);

    /// <summary>True for a score above what is normal.</summary>
    bool IsAnomaly(float score);
}
