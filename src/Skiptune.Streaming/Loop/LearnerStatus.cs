namespace Skiptune.Streaming.Loop;

/// <summary>Where the loop stands, as of the last commit.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Active">The version that answers; 0 is the base model.</param>
/// <param name="Sequence">The number of the last sample or late label.</param>
/// <param name="Accepted">Samples stored and counted.</param>
/// <param name="Labelled">Labels stored and counted, late ones included.</param>
/// <param name="Duplicates">Samples that came again.</param>
/// <param name="Quarantined">Samples not used.</param>
/// <param name="Rounds">Fine-tunings begun.</param>
/// <param name="Collected">Labelled samples collected since the drift; 0 while there is none.</param>
public sealed record LearnerStatus(
    LearnerPhase Phase, long Active, long Sequence, long Accepted, long Labelled, long Duplicates, long Quarantined, long Rounds, long Collected);
