using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Skiptune.Cli.Tests;

/// <summary>skiptune lm classify, with the model stories260K; tests skip without it.</summary>
public sealed partial class ClassificationTests : CliTest
{
    [Fact]
    public void Every_command_of_the_page_runs()
    {
        CopyAssets();
        string root = typeof(ClassificationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string[] commands = [.. File.ReadLines(Path.Combine(root, "docs", "language-models.md")).Where(line => line.StartsWith("skiptune lm classify ", StringComparison.Ordinal))];
        Assert.True(commands.Length >= 4, $"{commands.Length} commands");
        foreach (string command in commands)
        {
            ProcessRun run = Run("", [.. Word().Matches(command["skiptune ".Length..]).Select(word => word.Value.Trim('"'))]);
            Assert.True(run.Code == 0, $"{command}: {run.Error}");
            Assert.NotEmpty(run.Output);
        }
        Assert.InRange(Json("compare.json").GetProperty("results")[0].GetProperty("accuracy").GetDouble(), 0.25, 0.45);
    }

    [Fact]
    public void A_text_gets_its_label_and_files_their_counts()
    {
        CopyAssets();
        File.WriteAllText(In("few.jsonl"), string.Concat(Enumerable.Range(0, 10).Select(i => $"{{\"text\":\"my card number {i}\",\"label\":\"card\"}}\n{{\"text\":\"a transfer to {i}\",\"label\":\"transfer\"}}\n")));
        Succeed("lm classify train --model stories260K.bin --data few.jsonl --adapter-path few --json trained.json");
        Assert.Equal(1, Json("trained.json").GetProperty("accuracy").GetDouble());
        File.WriteAllText(In("new.txt"), "my card number 77\na transfer to 78\n");
        Succeed("lm classify predict --model stories260K.bin --adapter-path few --data new.txt --top 2 --json labels.json");
        JsonElement[] texts = [.. Json("labels.json").GetProperty("texts").EnumerateArray()];
        Assert.Equal(["card", "transfer"], texts.Select(text => text.GetProperty("label").GetString()));
        Assert.All(texts, text => Assert.Equal(1, text.GetProperty("classes").EnumerateArray().Sum(one => one.GetProperty("probability").GetDouble()), 1e-6));
        Succeed("lm classify evaluate --model stories260K.bin --adapter-path few --data few.jsonl --json measured.json");
        Assert.Equal(20, Json("measured.json").GetProperty("samples").GetInt32());
    }

    [Theory]
    [InlineData(2, "lm classify train --model stories260K.bin", "--data")]
    [InlineData(2, "lm classify train --model stories260K.bin --data train.csv --method what", "skip2-lora")]
    [InlineData(2, "lm classify train --model stories260K.bin --data train.csv --method lora-all --with ft-last", "anyway")]
    [InlineData(2, "lm classify train --model stories260K.bin --data train.csv --pooling sum", "mean, last")]
    [InlineData(2, "lm classify train --model stories260K.bin --data train.csv --valid-split 1", "valid-split")]
    [InlineData(2, "lm classify predict --model stories260K.bin --adapter-path x", "--text or --data")]
    [InlineData(2, "lm classify compare --model stories260K.bin --data train.csv", "--choose")]
    [InlineData(1, "lm classify train --model stories260K.bin --data nowhere.csv", "nowhere.csv")]
    [InlineData(1, "lm classify train --model stories260K.bin --data train.csv --text-column words", "'words'")]
    [InlineData(1, "lm classify train --model stories260K.bin --data bad.csv", "line 3")]
    [InlineData(1, "lm classify predict --model stories260K.bin --adapter-path nowhere --text a", "nowhere")]
    public void Mistakes_are_told_in_one_line(int code, string arguments, string expected)
    {
        CopyAssets();
        File.WriteAllText(In("bad.csv"), "text,label\na,x\nb\n");
        Assert.Contains(expected, Refuse(code, arguments), StringComparison.Ordinal);
    }

    private void CopyAssets()
    {
        foreach ((string asset, string name) in ((string, string)[])[("stories260K/stories260K.bin", "stories260K.bin"), ("stories260K/tok512.bin", "tok512.bin"), ("banking77/train.csv", "train.csv"), ("banking77/test.csv", "test.csv")])
            File.WriteAllBytes(In(name), File.ReadAllBytes(AssetFiles.Path(asset)));
    }

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
