using Microsoft.Data.Sqlite;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Store;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Streaming.Tests.Store;

public sealed class ResumeTests : IDisposable
{
    private static readonly LearnerOptions s_options = SmallStream.Options();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The power is cut after every sample: the files are copied as they are, and the copy goes on. In the end it holds what
    /// a learner holds that was never interrupted: every sample with its answer, every version, every transition, every detector.
    /// </summary>
    [Fact]
    public void AfterACutAtAnySampleTheStoreEndsAsWithoutOne()
    {
        StreamSample[] stream = SmallStream.Stream(60, 200, seed: 5);
        stream[20] = stream[20] with { Features = new float[] { 1 } };
        using (OnDeviceLearner whole = Open("whole.db"))
            whole.Process(stream);
        string expected = Content("whole.db");
        Assert.Contains("Swapped", expected, StringComparison.Ordinal);

        OnDeviceLearner learner = Open("0.db");
        for (int i = 0; i < stream.Length; i++)
        {
            learner.Process(stream[i]);
            if (i % 3 == 0)
            {
                Copy($"{i / 3}.db", $"{i / 3 + 1}.db");
                learner.Dispose();
                File.Delete(_folder.File($"{i / 3}.db"));
                learner = Open($"{i / 3 + 1}.db");
                // What was not acknowledged comes again.
                Assert.Equal(SampleOutcome.Duplicate, learner.Process(stream[i]).Outcome);
            }
        }
        learner.Dispose();
        Assert.Equal(expected, Content($"{(stream.Length - 1) / 3 + 1}.db"));
    }

    [Fact]
    public void LateLabelsAreRepeatedInTheirPlace()
    {
        StreamSample[] stream = [.. SmallStream.Stream(60, 100, seed: 5).Select(sample => sample with { Position = null })];
        List<StreamSample> mixed = [];
        for (int i = 0; i < stream.Length; i++)
        {
            mixed.Add(stream[i] with { Label = null });
            if (i >= 7)
                mixed.Add(new StreamSample { Source = "test", Id = stream[i - 7].Id, Label = stream[i - 7].Label });
        }
        using (OnDeviceLearner whole = Open("whole.db"))
            whole.Process(mixed);
        OnDeviceLearner learner = Open("0.db");
        for (int i = 0; i < mixed.Count; i++)
        {
            learner.Process(mixed[i]);
            if (i % 5 == 0)
            {
                learner.Dispose();
                learner = Open("0.db");
            }
        }
        learner.Dispose();
        Assert.Equal(Content("whole.db"), Content("0.db"));
    }

    [Fact]
    public void AnInterruptedFineTuningAndValidationAreDoneAgain()
    {
        StreamSample[] stream = SmallStream.Stream(200, 150, seed: 5);
        using (OnDeviceLearner whole = Open("whole.db"))
            whole.Process(stream);
        using (OnDeviceLearner first = Open("cut.db", s_options with { InBackground = true, FineTuning = s_options.FineTuning with { Epochs = 1_000_000 } }))
        {
            foreach (StreamSample sample in stream.TakeWhile(_ => first.Status.Phase != LearnerPhase.FineTuning))
                first.Process(sample);
            Assert.Equal(LearnerPhase.FineTuning, first.Status.Phase);
        }
        using (OnDeviceLearner second = Open("cut.db"))
            second.Process(stream);
        using LearnerHistory expected = LearnerHistory.Open(_folder.File("whole.db"));
        using LearnerHistory actual = LearnerHistory.Open(_folder.File("cut.db"));
        Assert.Equal(1, actual.Active());
        Assert.Equal(expected.Adapter(1).Tensors, actual.Adapter(1).Tensors);
    }

    [Fact]
    public void AnotherModelOtherDetectorsAndASecondProcessAreNoticed()
    {
        using (OnDeviceLearner first = Open("a.db"))
        {
            first.Process(SmallStream.Stream(50, 1, 5));
            Assert.Contains("in use", Assert.Throws<SkiptuneException>(() => Open("a.db")).Message, StringComparison.Ordinal);
        }
        List<LearnerEvent> events = [];
        using (OnDeviceLearner second = OnDeviceLearner.Open(
            SmallStream.Model, _folder.File("a.db"), s_options with { Monitors = [new DriftMonitor("shift", new MeanShift(30), DriftSignal.Error)] }, events.Add))
        {
            Assert.Contains("monitor:shift", events.Single(line => line.Kind == LearnerEventKind.Reset).Reason, StringComparison.Ordinal);
        }
        Model other = new(Skiptune.Networks.ReferenceCnn.Create(1));
        Assert.Contains("another base model", Assert.Throws<SkiptuneException>(() => OnDeviceLearner.Open(other, _folder.File("a.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATornTailOfTheLogIsLeftOutAndADamagedStoreIsRefusedInOneLine()
    {
        StreamSample[] stream = SmallStream.Stream(60, 200, seed: 5);
        OnDeviceLearner learner = Open("0.db");
        learner.Process(stream[..100]);
        Copy("0.db", "torn.db");
        byte[] log = File.ReadAllBytes(_folder.File("torn.db-wal"));
        long accepted = learner.Status.Accepted;
        learner.Dispose();
        Random random = new(4);
        for (int attempt = 0; attempt < 20; attempt++)
        {
            // A page that was being written when the power went: half of a frame behind the last whole one.
            byte[] tail = new byte[24 + random.Next(4096)];
            random.NextBytes(tail);
            File.WriteAllBytes(_folder.File("torn.db-wal"), [.. log, .. tail]);
            using OnDeviceLearner torn = Open("torn.db");
            Assert.Equal(accepted, torn.Status.Accepted);
        }

        string damaged = _folder.File("damaged.db");
        byte[] bytes = File.ReadAllBytes(_folder.File("0.db"));
        for (int page = 1; page < bytes.Length / 4096; page++)
            random.NextBytes(bytes.AsSpan(4096 * page, 1024));
        File.WriteAllBytes(damaged, bytes);
        string message = Assert.Throws<SkiptuneException>(() => Open("damaged.db")).Message;
        Assert.StartsWith(damaged, message, StringComparison.Ordinal);
        Assert.Contains("damaged", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        File.WriteAllText(damaged, "this is a letter, not a store; it is long enough to have a header of sixteen bytes and more");
        Assert.Contains("is not a store", Assert.Throws<SkiptuneException>(() => Open("damaged.db")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDatabaseItselfRefusesAVersionThatIsNotValidated()
    {
        Open("a.db").Dispose();
        using SqliteConnection connection = new($"Data Source={_folder.File("a.db")};Pooling=false");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO version VALUES (1, 0, 'candidate', 0, 0, 0, 0, NULL, NULL, NULL); UPDATE learner SET active = 1;";
        Assert.Contains("only a validated version can be active", Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
        command.CommandText = "UPDATE version SET state = 'rejected' WHERE number = 0;";
        Assert.Contains("must stay validated", Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoLongerNeededIsForgotten()
    {
        using (OnDeviceLearner learner = Open("a.db", s_options with { KeptSamples = 10, KeptIds = 20, KeptQuarantined = 5, SnapshotEvery = 7 }))
        {
            learner.Process([.. SmallStream.Stream(150, 100, 5).Select((sample, i) => i % 5 == 0 ? sample with { Label = 99 } : sample)]);
            Assert.Equal((200, 50), (learner.Status.Accepted, learner.Status.Quarantined));
        }
        Assert.InRange(Count("SELECT count(*) FROM quarantine"), 5, 12);
        Assert.InRange(Count("SELECT count(*) FROM seen"), 20, 40);
        Open("b.db", s_options with { KeptSamples = 10, Monitors = [] }).Dispose();

        long Count(string sql)
        {
            using SqliteConnection connection = new($"Data Source={_folder.File("a.db")};Mode=ReadOnly;Pooling=false");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }
    }

    private OnDeviceLearner Open(string name, LearnerOptions? options = null)
    {
        options ??= s_options;
        // Detectors belong to their learner: each gets its own.
        return OnDeviceLearner.Open(SmallStream.Model, _folder.File(name), options with
        {
            Monitors = [.. options.Monitors.Select(monitor => monitor with { Detector = new MeanShift() })],
            Anomaly = new DistanceScore(SmallStream.Length),
        });
    }

    private void Copy(string from, string to)
    {
        foreach (string suffix in new[] { "", "-wal" })
            File.Copy(_folder.File(from) + suffix, _folder.File(to) + suffix, overwrite: true);
    }

    /// <summary>All that is stored, but for wall-clock times and the lines about starts.</summary>
    private string Content(string name) => StoreContent.Of(_folder.File(name));
}
