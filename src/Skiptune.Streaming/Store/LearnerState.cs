using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Store;

/// <summary>Where the loop stands: the one row of the table <c>learner</c>, written with every transaction.</summary>
internal sealed class LearnerState
{
    public LearnerPhase Phase { get; set; }

    /// <summary>The version that answers.</summary>
    public long Active { get; set; }

    /// <summary>The version that answered before; null once the active one is confirmed, or where none was.</summary>
    public long? Previous { get; set; }

    /// <summary>The version that is being validated.</summary>
    public long? Candidate { get; set; }

    /// <summary>The number of the last sample or late label.</summary>
    public long Sequence { get; set; }

    public long Accepted { get; set; }

    public long Labelled { get; set; }

    public long Duplicates { get; set; }

    public long Quarantined { get; set; }

    /// <summary>Fine-tunings begun so far.</summary>
    public long Round { get; set; }

    /// <summary>Fine-tunings begun for this drift.</summary>
    public long Attempt { get; set; }

    /// <summary>The first sample that may be collected.</summary>
    public long CollectFrom { get; set; }

    /// <summary>The last one of the fine-tuning that runs.</summary>
    public long TuneTo { get; set; }

    /// <summary>Samples since the phase began.</summary>
    public long PhaseSamples { get; set; }
}
