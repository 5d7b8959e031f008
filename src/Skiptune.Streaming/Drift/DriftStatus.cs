namespace Skiptune.Streaming.Drift;

/// <summary>What a drift detector says after a sample.</summary>
public enum DriftStatus
{
    /// <summary>No change.</summary>
    Stable,

    /// <summary>A change may have begun: worth collecting samples, not yet worth acting.</summary>
    Warning,

    /// <summary>The stream has changed.</summary>
    Drift,
}
