using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Tests.Loop;

/// <summary>What a sensor, a cable and a clock do when they fail.</summary>
public sealed class GuardTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly OnDeviceLearner _learner;
    private readonly StreamSample[] _stream = [.. SmallStream.Stream(300, 1, seed: 5).Select(sample => sample with { Position = null })];

    public GuardTests() => _learner = OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), SmallStream.Options() with { Monitors = [] });

    public void Dispose()
    {
        _learner.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(3e38f)] // finite, but no answer to it is
    public void ReadingsThatAreNoNumbersAreQuarantined(float value)
    {
        float[] x = _stream[0].Features.ToArray();
        x.AsSpan(3).Fill(value);
        Refused(QuarantineReason.NotFinite, _stream[0] with { Features = x });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SmallStream.Length - 1)]
    [InlineData(SmallStream.Length + 1)]
    public void WrongDimensionsAreQuarantined(int length) =>
        Refused(QuarantineReason.WrongDimension, _stream[0] with { Features = new float[length], Label = null });

    [Theory]
    [InlineData(-1)]
    [InlineData(SmallStream.Classes)]
    [InlineData(int.MaxValue)]
    public void LabelsThatAreNoClassAreQuarantined(int label)
    {
        Refused(QuarantineReason.LabelOutOfRange, _stream[0] with { Label = label });
        _learner.Process(_stream[1]);
        Refused(QuarantineReason.LabelOutOfRange, new StreamSample { Source = "test", Id = _stream[1].Id, Label = label });
    }

    [Fact]
    public void AConstantSensorIsQuarantinedFromItsStartOnAndLater()
    {
        int accepted = Enumerable.Range(0, 60).Count(i => _learner.Process(_stream[0] with { Id = null }).Outcome == SampleOutcome.Accepted);
        Assert.Equal(19, accepted);
        Refused(QuarantineReason.ConstantSensor, _stream[0] with { Id = null });
        foreach (StreamSample sample in _stream[1..])
            Assert.Equal(SampleOutcome.Accepted, _learner.Process(sample).Outcome);
        accepted = Enumerable.Range(0, 60).Count(i => _learner.Process(_stream[0] with { Id = null }).Outcome == SampleOutcome.Accepted);
        Assert.Equal(19, accepted);
    }

    [Fact]
    public void AStuckSensorIsQuarantinedAsLongAsItSticks()
    {
        foreach (StreamSample sample in _stream.Take(100))
            Assert.Equal(SampleOutcome.Accepted, _learner.Process(sample).Outcome);
        List<SampleResult> results = [];
        foreach (StreamSample sample in _stream.Skip(100).Take(60))
        {
            float[] x = sample.Features.ToArray();
            x.AsSpan(0, 4).Fill(0.5f);
            results.Add(_learner.Process(sample with { Features = x }));
        }
        Assert.Equal(19, results.Count(result => result.Outcome == SampleOutcome.Accepted));
        Assert.All(results.Skip(19), result => Assert.Equal(QuarantineReason.StuckSensor, result.Reason));
        Assert.Equal(SampleOutcome.Accepted, _learner.Process(_stream[200]).Outcome);
    }

    [Fact]
    public void ValuesThatNeverChangeOrOftenRepeatAreNotStuck()
    {
        Random random = new(2);
        int level = 0;
        foreach (StreamSample sample in _stream)
        {
            float[] x = sample.Features.ToArray();
            level = random.Next(15) == 0 ? random.Next(3) : level;
            x.AsSpan(0, 6).Clear();
            x.AsSpan(6, 4).Fill(level);
            Assert.Equal(SampleOutcome.Accepted, _learner.Process(sample with { Features = x }).Outcome);
        }
    }

    [Fact]
    public void AClockThatJumpsIsQuarantinedUntilItIsKnownToBeSet()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        int next = 0;
        SampleResult At(DateTimeOffset time) => _learner.Process(_stream[next++] with { Time = time });

        for (int i = 0; i < 20; i++)
            Assert.Equal(SampleOutcome.Accepted, At(start.AddSeconds(i)).Outcome);
        Assert.Equal(QuarantineReason.ClockForward, At(start.AddYears(30)).Reason);
        Assert.Equal(QuarantineReason.ClockBackward, At(DateTimeOffset.UnixEpoch).Reason);
        Assert.Equal(SampleOutcome.Accepted, At(start.AddSeconds(21)).Outcome);
        // The clock is set back by an hour, for good.
        SampleResult[] set = [.. Enumerable.Range(0, 15).Select(i => At(start.AddHours(-1).AddSeconds(i)))];
        Assert.All(set.Take(9), result => Assert.Equal(QuarantineReason.ClockBackward, result.Reason));
        Assert.All(set.Skip(9), result => Assert.Equal(SampleOutcome.Accepted, result.Outcome));
    }

    [Fact]
    public void DuplicatesCountOnceAndGetTheFirstAnswer()
    {
        SampleResult first = _learner.Process(_stream[0]);
        SampleResult again = _learner.Process(_stream[0]);
        Assert.Equal(SampleOutcome.Duplicate, again.Outcome);
        Assert.Equal((first.Sequence, first.Answer, first.Score), (again.Sequence, again.Answer, again.Score));
        Assert.Equal(SampleOutcome.Accepted, _learner.Process(_stream[0] with { Source = "another" }).Outcome);
        Assert.Equal(SampleOutcome.Accepted, _learner.Process(_stream[0] with { IsFirstDelivery = true }).Outcome);
        Assert.Equal((3, 1), (_learner.Status.Accepted, _learner.Status.Duplicates));

        StreamSample placed = _stream[1] with { Id = null, Position = new SourcePosition(100, "mark") };
        Assert.Equal(SampleOutcome.Accepted, _learner.Process(placed).Outcome);
        Assert.Equal(SampleOutcome.Duplicate, _learner.Process(placed).Outcome);
        Assert.Equal(new SourcePosition(100, "mark"), _learner.PositionOf("test"));
    }

    [Fact]
    public void WhatIsQuarantinedCountsOnceAndIsInTheAuditTrail()
    {
        StreamSample bad = new() { Source = "test", Id = "bad", Problem = "not JSON:\nline 1" };
        Assert.Equal(QuarantineReason.Unreadable, _learner.Process(bad).Reason);
        Assert.Equal(SampleOutcome.Duplicate, _learner.Process(bad).Outcome);
        using LearnerHistory history = LearnerHistory.Open(_folder.File("store.db"));
        QuarantinedSample line = Assert.Single(history.Quarantined());
        Assert.Equal(("test", "bad", "Unreadable", "not JSON: line 1"), (line.Source, line.Id, line.Reason, line.Detail));
    }

    private void Refused(QuarantineReason reason, StreamSample sample)
    {
        long before = _learner.Status.Quarantined;
        SampleResult result = _learner.Process(sample with { Id = sample.Features.IsEmpty ? sample.Id : null });
        Assert.Equal((SampleOutcome.Quarantined, reason), (result.Outcome, result.Reason));
        Assert.NotEmpty(result.Detail!);
        Assert.Equal(before + 1, _learner.Status.Quarantined);
    }
}
