using System.Globalization;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;
using Skiptune.Streaming.Store;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Streaming.Tests.Sources;

public sealed class FileSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string[] _lines = [.. SmallStream.Stream(200, 1, 3).Select(sample => string.Join(',', sample.Features.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture))))];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFileIsReadOnWhereItWasLeft()
    {
        string path = _folder.File("sensor.csv");
        string header = string.Join(',', Enumerable.Range(0, SmallStream.Length).Select(i => $"v{i}"));
        File.WriteAllLines(path, [header, .. _lines[..10]]);
        Assert.Equal(10, (await Watch(learner => new FileSource(path, Parser, follow: false).RunAsync(learner, default))).Accepted);
        File.AppendAllLines(path, _lines[10..25]);
        LearnerStatus status = await Watch(learner => new FileSource(path, Parser, follow: false).RunAsync(learner, default));
        Assert.Equal((25, 0, 0), (status.Accepted, status.Duplicates, status.Quarantined));
    }

    [Fact]
    public async Task AFileThatWasReplacedIsReadFromItsStart()
    {
        string path = _folder.File("sensor.csv");
        File.WriteAllLines(path, _lines[..10]);
        await Watch(queue => new FileSource(path, Parser, follow: false).RunAsync(queue, default));
        // Longer than before, so that only its content tells.
        File.WriteAllLines(path, _lines[50..80]);
        Assert.Equal(40, (await Watch(queue => new FileSource(path, Parser, follow: false).RunAsync(queue, default))).Accepted);
        File.WriteAllLines(path, _lines[90..95]);
        Assert.Equal(45, (await Watch(queue => new FileSource(path, Parser, follow: false).RunAsync(queue, default))).Accepted);
        using LearnerHistory history = LearnerHistory.Open(_folder.File("store.db"));
        Assert.Equal(2, history.Events().Count(line => line.Kind == LearnerEventKind.SourceReplaced));
    }

    [Fact]
    public async Task AFileIsFollowedAsItGrowsAndThroughARotation()
    {
        string path = _folder.File("sensor.csv");
        LearnerStatus status = await Watch(async queue =>
        {
            using CancellationTokenSource stop = new();
            Task run = new FileSource(path, Parser, follow: true).RunAsync(queue, stop.Token);
            // It appears late, a line comes in two pieces, and the rest of the old file is written after it was renamed.
            File.WriteAllText(path, _lines[0] + "\n" + _lines[1][..5]);
            await Until(queue, 1);
            File.AppendAllText(path, _lines[1][5..] + "\n");
            await Until(queue, 2);
            File.Move(path, path + ".1");
            File.AppendAllText(path + ".1", _lines[2] + "\n");
            File.WriteAllLines(path, _lines[3..6]);
            await Until(queue, 6);
            File.AppendAllLines(path, _lines[6..9]);
            await Until(queue, 9);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        });
        Assert.Equal((9, 0), (status.Accepted, status.Quarantined));
    }

    [Fact]
    public async Task AFolderIsReplayedInOrderAtARate()
    {
        File.WriteAllLines(_folder.File("b.csv"), _lines[20..30]);
        File.WriteAllLines(_folder.File("a.jsonl"), _lines[..20].Select(line => $"[{line}]"));
        File.WriteAllText(_folder.File("notes.txt"), "not a sample");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        List<string> sources = [];
        LearnerStatus status = await Watch(queue =>
        {
            queue.Processed = (samples, _) => sources.AddRange(samples.Select(sample => Path.GetFileName(sample.Source)));
            return new ReplaySource(_folder.Path, Parser, rate: 200).RunAsync(queue, default);
        });
        Assert.Equal((30, 0), (status.Accepted, status.Quarantined));
        Assert.Equal([.. Enumerable.Repeat("a.jsonl", 20), .. Enumerable.Repeat("b.csv", 10)], sources);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds > 0.14);
        Assert.Contains("no .csv", Assert.Throws<SkiptuneException>(() => new ReplaySource(Directory.CreateDirectory(_folder.File("empty")).FullName, Parser)).Message, StringComparison.Ordinal);
    }

    private static SampleParser Parser() => new(SmallStream.Length);

    private static async Task Until(LearnerQueue queue, long accepted)
    {
        for (int i = 0; i < 200; i++)
        {
            long now = 0;
            await queue.InvokeAsync(learner => now = learner.Status.Accepted);
            if (now >= accepted)
                return;
            await Task.Delay(50);
        }
        Assert.Fail($"{accepted} samples never came");
    }

    private async Task<LearnerStatus> Watch(Func<LearnerQueue, Task> run)
    {
        using OnDeviceLearner learner = OnDeviceLearner.Open(SmallStream.Model, _folder.File("store.db"), new LearnerOptions { InBackground = false });
        await using (LearnerQueue queue = new(learner))
            await run(queue);
        return learner.Status;
    }
}
