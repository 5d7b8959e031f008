using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Store;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Streaming.Tests.Store;

public sealed class RequestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARollbackIsTakenByTheLearnerThatRunsOrByTheNext(bool runs)
    {
        string store = _folder.File("store.db");
        OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, store, SmallStream.Options());
        Assert.Contains("no version before", Assert.Throws<SkiptuneException>(() => LearnerRequest.Rollback(store, null)).Message, StringComparison.Ordinal);
        learner.Process(SmallStream.Stream(200, 150, 5));
        Assert.Equal(1, learner.Status.Active);
        Assert.Contains("no version 7", Assert.Throws<SkiptuneException>(() => LearnerRequest.Rollback(store, 7)).Message, StringComparison.Ordinal);
        Assert.Contains("active already", Assert.Throws<SkiptuneException>(() => LearnerRequest.Rollback(store, 1)).Message, StringComparison.Ordinal);
        if (!runs)
            learner.Dispose();
        Assert.Equal((0, runs), LearnerRequest.Rollback(store, null));
        if (runs)
            learner.Advance();
        else
            learner = OnDeviceLearner.Open(SmallStream.Model, store, SmallStream.Options());
        Assert.Equal(0, learner.Status.Active);
        learner.Process(SmallStream.Stream(1, 1, 5, "more"));
        learner.Dispose();
        using LearnerHistory history = LearnerHistory.Open(store);
        Assert.Single(history.Events(), line => line.Kind == LearnerEventKind.RolledBack);
        Assert.Equal(0, history.Active());
    }
}
