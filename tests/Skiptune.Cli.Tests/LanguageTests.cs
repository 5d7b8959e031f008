using System.Reflection;
using System.Text.RegularExpressions;

namespace Skiptune.Cli.Tests;

/// <summary>skiptune lm, with the model stories260K; tests skip without it.</summary>
public sealed partial class LanguageTests : CliTest
{
    [Fact]
    public void Every_command_of_the_page_runs()
    {
        CopyAssets();
        string root = typeof(LanguageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string page = File.ReadAllText(Path.Combine(root, "docs", "language-models.md"));
        string[] commands = [.. Block().Match(page).Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(5, commands.Length);
        foreach (string command in commands)
        {
            ProcessRun run = Run("", [.. Word().Matches(command["skiptune ".Length..]).Select(word => word.Value.Trim('"'))]);
            Assert.True(run.Code == 0, $"{command}: {run.Error}");
            Assert.NotEmpty(run.Output);
        }
        Assert.True(Json("compare.json").GetProperty("results")[0].GetProperty("validation_nats").GetDouble() is > 3 and < 4);
    }

    [Fact]
    public void A_result_that_forgets_too_much_is_not_written()
    {
        CopyAssets();
        string error = Refuse(1, "lm finetune --model stories260K.bin --data input.txt --sequences 16 --epochs 2 --retention tinystories.txt --retention-limit 0.001 --adapter-path out");
        Assert.Contains("retention", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "lm generate", "--model")]
    [InlineData(2, "lm finetune --model stories260K.bin --data input.txt --method what", "skip2-lora")]
    [InlineData(2, "lm finetune --model stories260K.bin --data input.txt --with lora-all", "ft-last")]
    [InlineData(2, "lm generate --model stories260K.bin --top-p 2", "top-p")]
    [InlineData(1, "lm generate --model input.txt", "is no language model")]
    [InlineData(1, "lm evaluate --model stories260K.bin --data nowhere.txt", "nowhere.txt")]
    [InlineData(1, "lm evaluate --model stories260K.bin --data input.txt --adapter-path nowhere", "nowhere")]
    [InlineData(1, "lm finetune --model stories260K.bin --data input.txt --sequence-length 4096", "context is 512")]
    public void Mistakes_are_told_in_one_line(int code, string arguments, string expected)
    {
        CopyAssets();
        Assert.Contains(expected, Refuse(code, arguments), StringComparison.Ordinal);
    }

    private void CopyAssets()
    {
        foreach ((string asset, string name) in ((string, string)[])[("stories260K/stories260K.bin", "stories260K.bin"), ("stories260K/tok512.bin", "tok512.bin"), ("tinyshakespeare/input.txt", "input.txt"), ("tinystories_sample/tinystories_sample.txt", "tinystories.txt")])
            File.WriteAllBytes(In(name), File.ReadAllBytes(AssetFiles.Path(asset)));
    }

    [GeneratedRegex(@"```console\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
