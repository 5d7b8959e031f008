using System.Diagnostics;
using System.Text.Json;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Tests.Loop;

namespace Skiptune.Cli.Tests.Watch;

public sealed class WatchTests : WatchTest
{
    [Fact]
    public void AReplayIsAnsweredAdaptsAndIsInTheHistory()
    {
        Directory.CreateDirectory(In("recorded"));
        StreamSample[] stream = SmallStream.Stream(200, 400, seed: 5);
        File.WriteAllLines(In("recorded/1.jsonl"), Lines(stream[..200]));
        File.WriteAllLines(In("recorded/2.jsonl"), Lines(stream[200..]));
        ProcessRun run = Succeed($"{Loop} --minimum-samples 90 --replay recorded --wait --class-names a,b,c");

        List<JsonElement> answers = OfKind(run.Output, "accepted");
        Assert.Equal(600, answers.Count);
        Assert.Equal("abc"[answers[0].GetProperty("class").GetInt32()].ToString(), answers[0].GetProperty("name").GetString());
        Assert.Equal(["created", "drift", "collected", "tuned", "swapped", "cooled_down"], Events(run.Output));
        JsonElement end = Assert.Single(OfKind(run.Output, "end"));
        Assert.Equal((1, 600, "monitoring"), (end.GetProperty("version").GetInt32(), end.GetProperty("accepted").GetInt32(), end.GetProperty("phase").GetString()));

        // Again: everything is known already.
        Assert.Empty(OfKind(Succeed($"{Loop} --replay recorded --wait").Output, "accepted"));

        string history = Succeed("history --store store.db --json history.json").Output;
        Assert.Contains("version 1: on 72 samples in", history, StringComparison.Ordinal);
        Assert.Contains("swapped", Json("history.json").GetProperty("events").EnumerateArray().Select(line => line.GetProperty("event").GetString()));
        Assert.Contains("* 1", Succeed("versions --store store.db --json versions.json").Output, StringComparison.Ordinal);
        Assert.Equal((1, 2), (Json("versions.json").GetProperty("active").GetInt32(), Json("versions.json").GetProperty("versions").GetArrayLength()));

        // The version is an ordinary adapter.
        Succeed("versions --store store.db --adapter-path adapters");
        Succeed("export --model small.onnx --adapter-path adapters --out tuned.onnx");
        Assert.Contains("version 0", Succeed("rollback --store store.db").Output, StringComparison.Ordinal);
        ProcessRun after = Succeed($"{Loop} --replay recorded --wait");
        Assert.Contains("rolled_back", Events(after.Output));
        Assert.Equal(0, OfKind(after.Output, "end").Single().GetProperty("version").GetInt32());
    }

    [Fact]
    public void StandardInputMayHoldAnything()
    {
        StreamSample[] stream = SmallStream.Stream(30, 1, seed: 5);
        List<string> lines = [.. Lines(stream[..30])];
        lines.InsertRange(10, ["hello", "{\"x\": [1, 2]}", "{\"x\": [1e999,2,3,4,5,6,7,8,9,10,11,12]}", "{\"x\": \"\\u0000\"}", new string('9', 100_000), lines[3], ""]);
        File.WriteAllLines(In("input"), lines);
        ProcessRun run = ProcessRun.Of("sh", Folder, ["-c", $"dotnet '{Path.Combine(AppContext.BaseDirectory, "Skiptune.Cli.dll")}' watch --model small.onnx --store store.db --detector none < input"]);
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(30, OfKind(run.Output, "accepted").Count);
        Assert.Single(OfKind(run.Output, "duplicate"));
        Assert.Equal(["unreadable", "wrong_dimension", "not_finite", "unreadable", "unreadable"], OfKind(run.Output, "quarantined").Select(line => line.GetProperty("reason").GetString()));
        string table = Succeed("history --store store.db --quarantined --json q.json").Output;
        Assert.Contains("WrongDimension", table, StringComparison.Ordinal);
        Assert.Equal(5, Json("q.json").GetProperty("quarantined").GetArrayLength());
    }

    [Fact]
    public void AFollowedFileIsWatchedUntilItIsInterruptedAndRollsBackMeanwhile()
    {
        StreamSample[] stream = SmallStream.Stream(200, 200, seed: 5);
        File.WriteAllLines(In("sensor.jsonl"), Lines(stream));
        int accepted = 0;
        bool asked = false;
        ProcessRun run = Run(
            (process, line) =>
            {
                accepted += line.Contains("\"kind\":\"accepted\"", StringComparison.Ordinal) ? 1 : 0;
                if (accepted == 400 && !asked && line.Contains("\"version\":1", StringComparison.Ordinal))
                {
                    asked = true;
                    Assert.Contains("takes it over now", Succeed("rollback --store store.db").Output, StringComparison.Ordinal);
                }
                if (line.Contains("rolled_back", StringComparison.Ordinal))
                    Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
            },
            $"{Loop} --follow sensor.jsonl --wait");
        Assert.Equal(0, run.Code);
        Assert.Empty(run.Error);
        Assert.Equal(400, OfKind(run.Output, "end").Single().GetProperty("accepted").GetInt32());
        Assert.Equal(0, OfKind(run.Output, "end").Single().GetProperty("version").GetInt32());
    }

    [Fact]
    public void AWatchOverHttpSaysWhereItListens()
    {
        using HttpClient client = new();
        string answer = "";
        ProcessRun run = Run(
            (process, line) =>
            {
                if (!line.Contains("\"kind\":\"listening\"", StringComparison.Ordinal))
                    return;
                string address = JsonDocument.Parse(line).RootElement.GetProperty("address").GetString()!;
                answer = client.PostAsync($"{address}/samples", new StringContent(Lines(SmallStream.Stream(1, 1, 5)).First())).Result.Content.ReadAsStringAsync().Result;
                Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
            },
            "watch --model small.onnx --store store.db --http 127.0.0.1:0");
        Assert.Equal(0, run.Code);
        Assert.Contains("\"kind\":\"accepted\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "watch --rate 5", "--rate belongs to --replay")]
    [InlineData(2, "watch --replay . --rate 0", "--rate must be above 0")]
    [InlineData(2, "watch --http 8080x", "--http needs an address")]
    [InlineData(2, "watch --http 0.0.0.0:0", "SKIPTUNE_TOKEN")]
    [InlineData(2, "watch --rabbitmq http://broker", "amqp://")]
    [InlineData(2, "watch --detector wobble", "'wobble' is not a drift detector; choose one of adwin")]
    [InlineData(2, "watch --detector adwin=taste", "'taste' is not possible; choose one of uncertainty")]
    [InlineData(2, "watch --detector adwin,adwin", "same name")]
    [InlineData(2, "watch --minimum-gain 2", "minimum gain")]
    [InlineData(2, "watch --held-out 0", "held out")]
    [InlineData(2, "watch --class-names a,b", "--class-names has 2 names")]
    [InlineData(2, "history --last 0", "--last")]
    [InlineData(2, "versions --version 1", "--version belongs to --adapter-path")]
    [InlineData(1, "history --store nowhere.db", "there is no such store")]
    [InlineData(1, "watch --store nowhere/store.db", "does not exist")]
    [InlineData(1, "watch --replay nowhere", "there is no such folder")]
    public void AWrongOptionIsNamedInOneLine(int code, string arguments, string part) => Assert.Contains(part, Refuse(code, arguments), StringComparison.Ordinal);

    [Fact]
    public void AStoreOfAnotherModelOrProgramIsRefusedInOneLine()
    {
        File.WriteAllText(In("empty"), "");
        Succeed("watch --model small.onnx --store store.db --replay empty");
        Assert.Contains("another base model", Refuse(1, "watch --store store.db --replay empty"), StringComparison.Ordinal);
        File.WriteAllText(In("letter.db"), new string('x', 5000));
        File.WriteAllText(In("letter.db.lock"), "");
        Assert.Contains("is not a store", Refuse(1, "watch --model small.onnx --store letter.db --replay empty"), StringComparison.Ordinal);
        Assert.Contains("is not a store", Refuse(1, "history --store letter.db"), StringComparison.Ordinal);
    }
}
