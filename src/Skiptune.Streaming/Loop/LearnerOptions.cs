using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streaming.Loop;

/// <summary>How the loop decides. Every default is meant to work; <c>docs/streaming.md</c> says how to choose others.</summary>
public sealed record LearnerOptions
{
    /// <summary>What says that the stream has changed; any one is enough. Default none: the loop only answers and stores.</summary>
    public ImmutableArray<DriftMonitor> Monitors { get; init; } = [];

    /// <summary>Scores anomalies and learns the normal; default null. The learner's own from now on.</summary>
    public IAnomalyDetector? Anomaly { get; init; }

    /// <summary>How a fine-tuning runs; default skip2-lora with an int4 cache on one thread. Round n adds n to its seed.</summary>
    public FineTuneOptions FineTuning { get; init; } = new() { Threads = 1 };

    /// <summary>What is collected after a drift.</summary>
    public CollectionOptions Collection { get; init; } = new();

    /// <summary>What a tuned version must show to become active.</summary>
    public GateOptions Gates { get; init; } = new();

    /// <summary>When an active version is taken back.</summary>
    public ProbationOptions Probation { get; init; } = new();

    /// <summary>Which samples are not used.</summary>
    public GuardOptions Guard { get; init; } = new();

    /// <summary>
    /// Labelled samples of the situation before the drift, which a tuned version must still know; never trained on. Default
    /// null: none.
    /// </summary>
    public DataSet? Retention { get; init; }

    /// <summary>
    /// Labelled samples that every fine-tuning trains on besides the collected ones, so that a version forgets less. Default null: none. Must
    /// share no sample with <see cref="Retention"/>, or the retention gate measures memory.
    /// </summary>
    public DataSet? Rehearsal { get; init; }

    /// <summary>Samples after a swap, a rejection or a rollback during which nothing is started, at least 0; default 100.</summary>
    public int CoolDown { get; init; } = 100;

    /// <summary>Fine-tunings for one drift, at least 1; default 3. After the last the stream as it is counts as normal.</summary>
    public int MostAttempts { get; init; } = 3;

    /// <summary>
    /// True (the default) to fine-tune and validate beside the stream. False to do so before the next sample is taken: the
    /// store's content is then a function of the samples alone.
    /// </summary>
    public bool InBackground { get; init; } = true;

    /// <summary>Samples kept with their values, at least 1; default 100,000. Those a fine-tuning needs are kept besides.</summary>
    public int KeptSamples { get; init; } = 100_000;

    /// <summary>Ids kept to know duplicates by, at least 1; default 1,000,000.</summary>
    public int KeptIds { get; init; } = 1_000_000;

    /// <summary>Quarantined samples kept in the audit trail, at least 1; default 100,000. All are counted.</summary>
    public int KeptQuarantined { get; init; } = 100_000;

    /// <summary>Samples from one snapshot of the detectors to the next, at least 1; default 256. A restart repeats those since the last.</summary>
    public int SnapshotEvery { get; init; } = 256;

    /// <summary>Throws unless all options are in range.</summary>
    /// <exception cref="SkiptuneException">An option is out of range.</exception>
    public void Check()
    {
        FineTuning.Check();
        Require(FineTuning.Classes is null, "a new head cannot be learned from a stream: the classes are those of the model");
        Require(FineTuning.Checkpoint is null, "the loop keeps its own state: fine-tune without checkpoints");
        Require(Monitors.Select(monitor => monitor.Name).Distinct(StringComparer.Ordinal).Count() == Monitors.Length, "two drift detectors have the same name; name them apart");
        Require(Anomaly is not null || Monitors.All(monitor => monitor.Signal is not (DriftSignal.AnomalyScore or DriftSignal.Anomaly)), "a drift detector over anomalies needs an anomaly detector");
        Require(CoolDown >= 0, $"the cool-down must be 0 samples or more, not {CoolDown}");
        Require(MostAttempts >= 1, $"the attempts must be 1 or more, not {MostAttempts}");
        Require(KeptSamples >= 1 && KeptIds >= 1 && KeptQuarantined >= 1, "at least one sample, one id and one quarantined sample must be kept");
        Require(SnapshotEvery >= 1, $"the samples between snapshots must be 1 or more, not {SnapshotEvery}");
        Collection.Check();
        Gates.Check();
        Probation.Check();
        Guard.Check();
    }

    internal static void Require(bool condition, string message)
    {
        if (!condition)
            throw new SkiptuneException(message);
    }
}
