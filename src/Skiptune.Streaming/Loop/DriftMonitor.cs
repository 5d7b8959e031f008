using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Loop;

/// <summary>What a drift detector is fed with.</summary>
public enum DriftSignal
{
    /// <summary>1 minus the probability of the predicted class: needs no labels.</summary>
    Uncertainty,

    /// <summary>The anomaly score: needs no labels.</summary>
    AnomalyScore,

    /// <summary>1 for a sample that the anomaly detector takes for an anomaly, 0 for another: needs no labels, and small changes of the scores leave it alone.</summary>
    Anomaly,

    /// <summary>1 for a wrong answer, 0 for a right one: labelled samples only.</summary>
    Error,
}

/// <summary>A drift detector in the loop. Every detector also sees the features and the predicted class.</summary>
/// <param name="Name">What the audit trail calls it; unique.</param>
/// <param name="Detector">The detector; the learner's own from now on.</param>
/// <param name="Signal">What it is fed with; default uncertainty.</param>
public sealed record DriftMonitor(string Name, IDriftDetector Detector, DriftSignal Signal = DriftSignal.Uncertainty);
