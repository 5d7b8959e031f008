using System.Text.Json;

namespace Skiptune.Cli.Tests;

public sealed class InformationTests : CliTest
{
    [Fact]
    public void MethodsNamesWhatOtherCommandsTake()
    {
        string text = Succeed("methods").Output;
        Succeed("methods --json methods.json");
        JsonElement json = Json("methods.json");
        string[] methods = [.. json.GetProperty("methods").EnumerateArray().Select(method => method.GetProperty("name").GetString()!)];
        Assert.Equal(["ft-all", "ft-bias", "ft-last", "lora-all", "lora-last", "ft-all-lora", "skip-lora", "skip2-lora"], methods);
        foreach (string name in methods.Concat(["none", "float32", "float16", "int8", "int4", "int3", "int2", "adam", "adamw", "sgd", "momentum", "constant", "cosine"]))
            Assert.Contains($" {name} ", text, StringComparison.Ordinal);
        Assert.Contains(json.GetProperty("optimizers").EnumerateArray(), name => name.GetString() == "momentum");
        Assert.Contains(json.GetProperty("schedules").EnumerateArray(), name => name.GetString() == "cosine");
        Assert.Contains(json.GetProperty("caches").EnumerateArray(), name => name.GetString() == "int3");
    }

    [Fact]
    public void DashAsJsonFileLeavesOnlyJsonOnStandardOutput()
    {
        using JsonDocument document = JsonDocument.Parse(Succeed("methods --json -").Output);
        Assert.Equal(JsonValueKind.Array, document.RootElement.GetProperty("methods").ValueKind);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("compare")]
    [InlineData("finetune")]
    [InlineData("evaluate")]
    [InlineData("pretrain")]
    [InlineData("methods")]
    public void HelpOfEveryCommandEndsWithAnExampleOfIt(string command)
    {
        string[] lines = Succeed($"{command} --help").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Example:", lines[^2]);
        Assert.StartsWith($"  skiptune {command} ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void VersionIsTheVersionAlone() => Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", Succeed("--version").Output);
}
