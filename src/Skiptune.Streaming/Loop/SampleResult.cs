namespace Skiptune.Streaming.Loop;

/// <summary>What became of a sample.</summary>
public enum SampleOutcome
{
    /// <summary>Stored and counted.</summary>
    Accepted,

    /// <summary>A label for an earlier sample, stored and counted.</summary>
    Labelled,

    /// <summary>Seen before; not counted again.</summary>
    Duplicate,

    /// <summary>Not used; the reason is in the audit trail.</summary>
    Quarantined,
}

/// <summary>Why a sample is not used.</summary>
public enum QuarantineReason
{
    /// <summary>The source could not make a sample of it.</summary>
    Unreadable,

    /// <summary>It has more or fewer values than the model takes.</summary>
    WrongDimension,

    /// <summary>A value is NaN or infinite.</summary>
    NotFinite,

    /// <summary>The label is no class of the model.</summary>
    LabelOutOfRange,

    /// <summary>The whole reading has been the same for too long.</summary>
    ConstantSensor,

    /// <summary>Some values have been the same for too long, although they used to change.</summary>
    StuckSensor,

    /// <summary>Its time lies before that of the sample before it.</summary>
    ClockBackward,

    /// <summary>Its time lies too far behind that of the sample before it.</summary>
    ClockForward,

    /// <summary>A late label for a sample that is not known, or no longer.</summary>
    UnknownSample,

    /// <summary>A late label that contradicts the one the sample has.</summary>
    ConflictingLabel,
}

/// <summary>The answer to a sample. When it is there, the sample is on the disk.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Sequence">Its number in the store, from 1; of a duplicate that of the first; 0 where there is none.</param>
public sealed record SampleResult(SampleOutcome Outcome, long Sequence)
{
    /// <summary>The active model's answer; null where there is none.</summary>
    public Answer? Answer { get; init; }

    /// <summary>The anomaly score; null without an anomaly detector.</summary>
    public float? Score { get; init; }

    /// <summary>True if the anomaly detector takes the sample for an anomaly.</summary>
    public bool IsAnomaly { get; init; }

    /// <summary>Why it is not used; null if it is.</summary>
    public QuarantineReason? Reason { get; init; }

    /// <summary>The reason in words, on one line.</summary>
    public string? Detail { get; init; }
}

/// <summary>What a model makes of a sample.</summary>
/// <param name="Class">The class, from 0.</param>
/// <param name="Probability">The model's own probability of it, 0 .. 1.</param>
/// <param name="Version">The version that answered; 0 is the base model.</param>
public readonly record struct Answer(int Class, float Probability, long Version);
