namespace Skiptune.Streaming.Loop;

/// <summary>What the loop is doing. Stored by name, so that a restart goes on where it was.</summary>
public enum LearnerPhase
{
    /// <summary>Detectors watch the stream.</summary>
    Monitoring,

    /// <summary>The stream has changed; labelled samples are collected.</summary>
    Collecting,

    /// <summary>A fine-tuning runs in the background on what was collected.</summary>
    FineTuning,

    /// <summary>The tuned version is compared with the active one in the background.</summary>
    Validating,

    /// <summary>After a swap, a rejection or a rollback: nothing is started for a while.</summary>
    CoolDown,
}
