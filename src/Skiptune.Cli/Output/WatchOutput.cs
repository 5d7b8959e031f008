using Skiptune.Streaming.Loop;

namespace Skiptune.Cli.Output;

/// <summary>What a watch shows. Called on the learner's thread but for <see cref="Start"/>, <see cref="Listening"/> and <see cref="End"/>.</summary>
internal abstract class WatchOutput : IDisposable
{
    public abstract void Start(Func<LearnerStatus> status, DelayHistogram delays);

    public abstract void Listening(string address);

    public abstract void Happened(LearnerEvent line);

    public abstract void Processed(IReadOnlyList<StreamSample> samples, IReadOnlyList<SampleResult> results);

    public abstract void End(LearnerStatus status);

    public abstract void Dispose();
}
