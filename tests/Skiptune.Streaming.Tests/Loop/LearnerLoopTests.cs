using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Tests.Loop;

public sealed class LearnerLoopTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<LearnerEvent> _events = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ADriftIsNoticedLearnedValidatedAndSwapped()
    {
        using OnDeviceLearner learner = Open(SmallStream.Options());
        StreamSample[] stream = SmallStream.Stream(200, 400, seed: 5);
        Answer[] answers = [.. stream.Select(sample => learner.Process(sample).Answer!.Value)];

        Assert.Equal(
            [LearnerEventKind.Created, LearnerEventKind.Drift, LearnerEventKind.Collected, LearnerEventKind.Tuned, LearnerEventKind.Swapped, LearnerEventKind.CooledDown],
            _events.Select(line => line.Kind));
        LearnerEvent drift = _events[1];
        Assert.InRange(drift.Sequence, 201, 250);
        LearnerEvent swap = _events[4];
        Assert.Equal(1, learner.Status.Active);
        Assert.Equal(LearnerPhase.Monitoring, learner.Status.Phase);
        Assert.Equal(600, learner.Status.Accepted);
        Assert.True(Accuracy(0, 200) > 0.95);
        Assert.True(Accuracy(200, (int)swap.Sequence) < 0.7);
        Assert.True(Accuracy((int)swap.Sequence, 600) > 0.9, $"{Accuracy((int)swap.Sequence, 600)}");

        double Accuracy(int from, int to) => Enumerable.Range(from, to - from).Average(i => answers[i].Class == stream[i].Label ? 1.0 : 0.0);
    }

    [Fact]
    public void BesideTheStreamAnswersGoOnAndTheSameVersionComesOut()
    {
        StreamSample[] stream = SmallStream.Stream(200, 120, seed: 5);
        long[] versions = new long[2];
        byte[][] adapters = new byte[2][];
        foreach (bool background in new[] { false, true })
        {
            string store = _folder.File(background ? "background.db" : "inline.db");
            using (OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, store, SmallStream.Options() with { InBackground = background }))
            {
                foreach (StreamSample sample in stream.Concat(SmallStream.Stream(0 + 1, 60, seed: 9, "more")))
                    Assert.NotNull(learner.Process(sample).Answer);
                learner.WaitForBackground();
                versions[background ? 1 : 0] = learner.Status.Active;
            }
            using LearnerHistory history = LearnerHistory.Open(store);
            adapters[background ? 1 : 0] = history.Adapter(1).Tensors;
        }
        Assert.Equal([1, 1], versions);
        Assert.Equal(adapters[0], adapters[1]);
    }

    [Fact]
    public void ShuffledLabelsLeaveTheBaseActive()
    {
        StreamSample[] stream = SmallStream.Stream(200, 1500, seed: 5);
        Random random = new(3);
        using OnDeviceLearner learner = Open(SmallStream.Options());
        for (int i = 0; i < stream.Length; i++)
            learner.Process(i < 200 ? stream[i] : stream[i] with { Label = random.Next(SmallStream.Classes) });
        Assert.Equal(0, learner.Status.Active);
        Assert.True(_events.Count(line => line.Kind == LearnerEventKind.Rejected) >= 3);
        Assert.DoesNotContain(_events, line => line.Kind == LearnerEventKind.Swapped);
    }

    [Fact]
    public void HostileSamplesLeaveTheTunedVersionActive()
    {
        using OnDeviceLearner learner = Open(SmallStream.Options());
        learner.Process(SmallStream.Stream(200, 200, seed: 5));
        Assert.Equal(1, learner.Status.Active);
        Random random = new(8);
        StreamSample[] stream = [.. SmallStream.Stream(1, 1500, seed: 6, "hostile")];
        for (int i = 0; i < stream.Length; i++)
        {
            float[] x = stream[i].Features.ToArray();
            learner.Process((i % 8) switch
            {
                0 => stream[i] with { Features = new float[random.Next(30)] },
                1 => stream[i] with { Features = Array.ConvertAll(x, _ => float.NaN) },
                2 => stream[i] with { Label = random.Next(-3, 9) },
                3 => stream[i] with { Problem = "noise" },
                4 => stream[Math.Max(0, i - 4)],
                _ => stream[i] with { Label = random.Next(SmallStream.Classes) },
            });
        }
        Assert.Equal(1, learner.Status.Active);
        Assert.True(learner.Status.Quarantined > 500);
        Assert.Contains(_events, line => line.Kind == LearnerEventKind.Rejected);
        using LearnerHistory history = LearnerHistory.Open(_folder.File("store.db"));
        Assert.Equal(StoredVersion.Validated, history.Versions()[1].State);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(5, 0, 0.03125)]
    [InlineData(8, 2, 0.0546875)]
    [InlineData(2, 8, 0.9892578125)]
    [InlineData(1600, 1500, 0.037)]
    public void TheChanceOfAGainIsThatOfCoins(int won, int lost, double chance) => Assert.Equal(chance, ValidationReport.ChanceOf(won, lost), 1e-3);

    [Fact]
    public void AVersionThatForgetsTooMuchIsRejected()
    {
        using OnDeviceLearner learner = Open(SmallStream.Options() with
        {
            Retention = SmallStream.Samples(150, drifted: false, 77),
            Gates = new GateOptions { MaximumRetentionLoss = 0.01 },
        });
        foreach (StreamSample sample in SmallStream.Stream(200, 150, seed: 5))
            learner.Process(sample);
        LearnerEvent rejected = Assert.Single(_events, line => line.Kind == LearnerEventKind.Rejected);
        Assert.Contains("retention", rejected.Reason, StringComparison.Ordinal);
        Assert.Equal(0, learner.Status.Active);
        using LearnerHistory history = LearnerHistory.Open(_folder.File("store.db"));
        Assert.Equal(StoredVersion.Rejected, history.Versions().Single(version => version.Number == 1).State);
    }

    [Fact]
    public void AVersionThatDoesWorseThanTheOneBeforeIsRolledBack()
    {
        // The sensor recovers right after the swap, and so the base is the better version again.
        using OnDeviceLearner learner = Open(SmallStream.Options() with { Probation = new ProbationOptions { MinimumSamples = 20, Window = 40, Length = 200 } });
        foreach (StreamSample sample in SmallStream.Stream(200, 300, seed: 5))
        {
            learner.Process(sample);
            if (learner.Status.Active == 1)
                break;
        }
        Assert.Equal(1, learner.Status.Active);
        foreach (StreamSample sample in SmallStream.Stream(40, 1, seed: 8, "healed").Take(40))
            learner.Process(sample);
        LearnerEvent rollback = Assert.Single(_events, line => line.Kind == LearnerEventKind.RolledBack);
        Assert.Equal(0, rollback.Version);
        Assert.Equal(0, learner.Status.Active);
        Assert.Equal(0, learner.Answer(SmallStream.Stream(1, 1, 4)[0].Features.Span).Version);
    }

    [Fact]
    public void AVersionThatKeepsItsPromiseIsConfirmed()
    {
        using OnDeviceLearner learner = Open(SmallStream.Options() with { Probation = new ProbationOptions { MinimumSamples = 20, Window = 40, Length = 100 } });
        foreach (StreamSample sample in SmallStream.Stream(200, 400, seed: 5))
            learner.Process(sample);
        Assert.Equal(1, Assert.Single(_events, line => line.Kind == LearnerEventKind.Confirmed).Version);
    }

    [Fact]
    public void OnlyValidatedVersionsCanBeMadeActiveByHand()
    {
        using OnDeviceLearner learner = Open(SmallStream.Options() with { Gates = new GateOptions { MaximumChance = 1e-9 } });
        foreach (StreamSample sample in SmallStream.Stream(200, 150, seed: 5))
            learner.Process(sample);
        Assert.Contains(_events, line => line.Kind == LearnerEventKind.Rejected);
        Assert.Contains("rejected", Assert.Throws<SkiptuneException>(() => learner.Rollback(1, "by hand")).Message, StringComparison.Ordinal);
        Assert.Contains("no version 9", Assert.Throws<SkiptuneException>(() => learner.Rollback(9, "by hand")).Message, StringComparison.Ordinal);
        Assert.NotNull(learner.Process(SmallStream.Stream(1, 1, 4, "after")[0]).Answer);
    }

    [Fact]
    public void LateLabelsAreCollectedAsThoseOfSamplesAre()
    {
        StreamSample[] stream = SmallStream.Stream(200, 300, seed: 5);
        using OnDeviceLearner learner = Open(SmallStream.Options());
        foreach (StreamSample sample in stream)
        {
            Assert.Equal(SampleOutcome.Accepted, learner.Process(sample with { Label = null }).Outcome);
            SampleResult label = learner.Process(new StreamSample { Source = "test", Id = sample.Id, Label = sample.Label });
            Assert.Equal(SampleOutcome.Labelled, label.Outcome);
        }
        Assert.Equal(500, learner.Status.Labelled);
        Assert.Equal(1, learner.Status.Active);
        Assert.Equal(QuarantineReason.UnknownSample, learner.Process(new StreamSample { Source = "test", Id = "x", Label = 1 }).Reason);
        Assert.Equal(SampleOutcome.Duplicate, learner.Process(new StreamSample { Source = "test", Id = "m0", Label = stream[0].Label }).Outcome);
        Assert.Equal(QuarantineReason.ConflictingLabel, learner.Process(new StreamSample { Source = "test", Id = "m0", Label = stream[1].Label }).Reason);
    }

    private OnDeviceLearner Open(LearnerOptions options) => OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), options, _events.Add);
}
