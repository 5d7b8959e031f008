namespace Skiptune.Streaming.Loop;

/// <summary>What the audit trail tells of.</summary>
public enum LearnerEventKind
{
    /// <summary>The store was made.</summary>
    Created,

    /// <summary>The learner was started on a store that was there.</summary>
    Started,

    /// <summary>The state of a detector could not be used and begins anew.</summary>
    Reset,

    /// <summary>A detector says that the stream has changed.</summary>
    Drift,

    /// <summary>Enough labelled samples are there.</summary>
    Collected,

    /// <summary>Too few labelled samples came.</summary>
    GaveUp,

    /// <summary>A fine-tuning has ended.</summary>
    Tuned,

    /// <summary>A fine-tuning or a validation could not be done.</summary>
    Failed,

    /// <summary>The tuned version passed all gates and is active.</summary>
    Swapped,

    /// <summary>The tuned version missed a gate.</summary>
    Rejected,

    /// <summary>The version before is active again.</summary>
    RolledBack,

    /// <summary>The active version has kept its promise on the labelled samples after the swap.</summary>
    Confirmed,

    /// <summary>The cool-down is over.</summary>
    CooledDown,

    /// <summary>A source that came back with other content is read from its start.</summary>
    SourceReplaced,
}

/// <summary>A line of the audit trail.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Time">The wall clock.</param>
/// <param name="Sequence">The number of the last sample before it.</param>
/// <param name="Kind">What happened.</param>
/// <param name="From">The phase before.</param>
/// <param name="To">The phase after.</param>
/// <param name="Version">The version that is meant; null where none is.</param>
/// <param name="Reason">Why, on one line.</param>
public sealed record LearnerEvent(
    long Number, DateTimeOffset Time, long Sequence, LearnerEventKind Kind, LearnerPhase From, LearnerPhase To, long? Version, string Reason);
