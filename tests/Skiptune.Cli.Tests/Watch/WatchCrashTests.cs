using System.Buffers.Binary;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Skiptune.Streaming.Tests.Loop;
using Skiptune.Streaming.Tests.Store;

namespace Skiptune.Cli.Tests.Watch;

/// <summary>The process is killed (SIGKILL, or TerminateProcess) at random moments, and the log of the store torn.</summary>
public sealed class WatchCrashTests : WatchTest
{
    private const int Before = 300;
    private const int After = 900;
    private const int Spoilt = 37; // every fiftieth line of 1801

    // Long enough that kills meet every phase.
    private const string Slow = $"{Loop} --minimum-samples 150 --replay stream.jsonl --epochs 600 --attempts 3 --retention kept.csv --minimum-gain 0.01 --maximum-retention-loss 1";

    public WatchCrashTests()
    {
        // Good labels, then shuffled ones, then a sensor that is well again: swaps, rejections, rollbacks.
        Random random = new(6);
        Streaming.Loop.StreamSample[] stream = [.. SmallStream.Stream(Before, After, seed: 5), .. SmallStream.Stream(600, 1, seed: 9, "test").Select((sample, i) => sample with { Id = $"w{i}" })];
        for (int i = 900; i < Before + After; i++)
            stream[i] = stream[i] with { Label = random.Next(SmallStream.Classes) };
        File.WriteAllLines(In("stream.jsonl"), Lines(stream).Select((line, i) => i % 50 == 0 ? line.Replace("\"x\": [", "\"x\": [null,", StringComparison.Ordinal) : line));
        File.WriteAllLines(In("kept.csv"), SmallStream.Stream(2000, 1, seed: 33)[..2000].Select(sample => string.Join(',', sample.Features.ToArray()) + $",{sample.Label}"));
    }

    [Fact]
    public void KilledAtFiftyMomentsNothingIsLostOrCountedTwice()
    {
        // With --wait the store is a function of the samples: it must end in the very content of a run without interruption.
        ProcessRun run = Run($"{Slow} --wait");
        Assert.True(run.Code == 0, run.Error);
        string[] kinds = Events(run.Output);
        foreach (string kind in (string[])["drift", "collected", "tuned", "swapped", "rejected", "cooled_down"])
            Assert.Contains(kind, kinds);
        string expected = StoreContent.Of(In("store.db"));
        DeleteStore();

        Dictionary<string, int> phases = new(StringComparer.Ordinal);
        Kill(25, $"{Slow} --wait", phases, () => Assert.Equal(expected, StoreContent.Of(In("store.db"))));

        // Beside the stream the moment of a swap is the machine's affair; what must hold is not.
        Kill(25, Slow, phases, () =>
        {
            using SqliteConnection store = Open();
            Assert.Equal(1801 - Spoilt, Number(store, "SELECT accepted FROM learner"));
            Assert.Equal(1801 - Spoilt, Number(store, "SELECT count(*) FROM sample"));
            Assert.Equal(Spoilt, Number(store, "SELECT quarantined FROM learner"));
            Assert.Equal(Spoilt, Number(store, "SELECT count(*) FROM quarantine"));
            Assert.Equal(0, Number(store, "SELECT count(*) FROM (SELECT id FROM sample GROUP BY id HAVING count(*) > 1)"));
        });
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", phases));
        foreach (string phase in (string[])["Monitoring", "Collecting", "FineTuning", "Validating", "CoolDown"])
            Assert.True(phases.GetValueOrDefault(phase) > 0, $"no kill met {phase}: {string.Join(", ", phases)}");
    }

    // Kills so often; a store whose stream came to its end meanwhile is checked, and the stream begins anew.
    private void Kill(int times, string command, Dictionary<string, int> phases, Action checkWhole)
    {
        Random random = new(times);
        for (int killed = 0; killed < times;)
        {
            // Anywhere: from the start of the process, from its first line, or from its next transition on.
            int way = random.Next(5);
            int delay = random.Next(way == 0 ? 300 : way == 1 ? 15 : 400);
            int seen = 0;
            ProcessRun run = Run(
                process => KillAfter(process, way == 0 ? delay : null),
                (process, line) =>
                {
                    bool counts = way == 1 ? line.Contains("\"event\":\"tuned\"", StringComparison.Ordinal) : way > 1;
                    if (counts && ++seen == 1)
                        KillAfter(process, delay);
                },
                $"{command} --rate 800");
            if (run.Code == 0)
            {
                checkWhole();
                DeleteStore();
                continue;
            }
            killed++;
            if (!File.Exists(In("store.db")))
                continue;
            if (killed % 2 == 0)
                Tear(random);
            using SqliteConnection store = Open();
            if (Number(store, "SELECT count(*) FROM sqlite_schema WHERE name = 'learner'") == 0 || Number(store, "SELECT count(*) FROM learner") == 0)
                continue;
            Assert.Equal("validated", Text(store, "SELECT state FROM version JOIN learner ON number = active"));
            Assert.Equal("ok", Text(store, "PRAGMA integrity_check"));
            string phase = Text(store, "SELECT phase FROM learner");
            phases[phase] = phases.GetValueOrDefault(phase) + 1;
        }
        ProcessRun last = Run(command);
        Assert.True(last.Code == 0, last.Error);
        checkWhole();
        DeleteStore();
    }

    private void DeleteStore()
    {
        foreach (string file in Directory.GetFiles(Folder, "store.db*"))
            File.Delete(file);
    }

    private static void KillAfter(Process process, int? delay)
    {
        if (delay is null)
            return;
        Thread.Sleep(delay.Value);
        process.Kill();
    }

    /// <summary>
    /// What a power cut does to a page that was being written: half of the log's last frame becomes noise, or half a frame of
    /// noise lies behind it. A log that may have been taken into the database is left alone: a cut cannot undo what it was told is on the disk.
    /// </summary>
    private void Tear(Random random)
    {
        const int Header = 32;
        const int Frame = 24 + 4096;
        string path = In("store.db-wal");
        if (!File.Exists(path))
            return;
        byte[] log = File.ReadAllBytes(path);
        int frames = 0;
        while (Header + (frames + 1) * Frame <= log.Length && log.AsSpan(Header + frames * Frame + 8, 8).SequenceEqual(log.AsSpan(16, 8)))
            frames++;
        if (frames is < 2 or > 900 || BinaryPrimitives.ReadUInt32BigEndian(log) >> 1 != 0x377F0682 >> 1)
            return;
        byte[] noise = new byte[Frame / 2];
        random.NextBytes(noise);
        int end = Header + frames * Frame;
        File.WriteAllBytes(path, random.Next(2) == 0 ? [.. log[..(end - noise.Length)], .. noise] : [.. log[..end], .. noise]);
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new($"Data Source={In("store.db")};Pooling=false");
        connection.Open();
        return connection;
    }

    private static long Number(SqliteConnection store, string sql) => (long)Scalar(store, sql);

    private static string Text(SqliteConnection store, string sql) => (string)Scalar(store, sql);

    private static object Scalar(SqliteConnection store, string sql)
    {
        using SqliteCommand command = store.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }
}
