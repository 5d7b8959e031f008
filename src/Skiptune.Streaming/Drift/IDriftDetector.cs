namespace Skiptune.Streaming.Drift;

/// <summary>
/// Watches a stream, one sample at a time, in fixed memory and without allocating, and says when it has changed.
/// A detector is deterministic: the same inputs from the same state give the same answers.
/// </summary>
public interface IDriftDetector : IStreamState
{
    /// <summary>Takes one sample and says what the stream looks like after it.</summary>
    /// <exception cref="ArgumentException">The value is not finite, or the features' length is not the detector's.</exception>
    DriftStatus Update(in DriftInput input);

    /// <summary>Forgets everything seen: the state of a new detector with the same options.</summary>
    void Reset();
}
