using System.Text.Json;

namespace Skiptune.Cli.Tests;

public sealed class DemoTests : CliTest
{
    private static readonly string[] Keys =
        ["method", "cache", "accuracy", "seconds", "fill_seconds", "cache_bytes", "trainable_parameters", "final_loss"];

    [Fact]
    public void DemoMeetsWhatIsPromised()
    {
        Succeed("demo --seeds 5 --methods ft-last,lora-last,lora-all,skip2-lora --threads 1 --json promised.json");
        JsonElement json = Json("promised.json");
        Dictionary<string, double> accuracy = json.GetProperty("results").EnumerateArray().ToDictionary(
            row => $"{row.GetProperty("method").GetString()}/{row.GetProperty("cache").GetString()}", row => row.GetProperty("accuracy").GetDouble());
        Assert.InRange(json.GetProperty("base_accuracy").GetDouble(), 0.03, 0.16);
        Assert.InRange(accuracy["skip2-lora/float32"], 0.785, 1);
        Assert.InRange(accuracy["skip2-lora/int4"], accuracy["skip2-lora/float32"] - 0.005, 1);
        Assert.InRange(accuracy["skip2-lora/int2"], accuracy["skip2-lora/float32"] - 0.005, 1);
        Assert.InRange(accuracy["lora-all/none"], 0.75, 1);
        Assert.InRange(accuracy["ft-last/none"], 0.64, 1);
        Assert.InRange(accuracy["lora-last/none"], 0.58, 1);
    }

    [Fact]
    public void DemoWritesAllRows()
    {
        string text = Succeed("demo --seeds 1 --epochs 1 --threads 1 --json demo.json").Output;
        JsonElement json = Json("demo.json");
        Assert.Equal(["task", "base_accuracy", "results", "environment"], json.EnumerateObject().Select(member => member.Name));
        Assert.InRange(json.GetProperty("base_accuracy").GetDouble(), 0.03, 0.16);
        JsonElement[] results = [.. json.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            [
                "none/none", "ft-last/none", "ft-bias/none", "ft-all/none", "lora-last/none", "lora-all/none", "ft-all-lora/none",
                "skip-lora/none", "skip2-lora/float32", "skip2-lora/int4", "skip2-lora/int2",
            ],
            results.Select(row => $"{row.GetProperty("method").GetString()}/{row.GetProperty("cache").GetString()}"));
        foreach (JsonElement row in results)
        {
            Assert.Equal(Keys, row.EnumerateObject().Select(member => member.Name).Where(name => !name.StartsWith("published_", StringComparison.Ordinal)));
            Assert.InRange(row.GetProperty("accuracy").GetDouble(), 0, 1);
        }
        // The papers' figures stand beside the rows that they have.
        Assert.Equal((0.7559, 114.15), (results[5].GetProperty("published_accuracy").GetDouble(), results[5].GetProperty("published_seconds").GetDouble()));
        Assert.False(results[2].TryGetProperty("published_accuracy", out _));
        Assert.Equal(7_331_840, results[8].GetProperty("cache_bytes").GetInt64());
        Assert.InRange(results[9].GetProperty("cache_bytes").GetInt64(), 1, 1_036_288);
        // The same training with an exact cache and with none.
        Assert.Equal(results[7].GetProperty("final_loss").GetDouble(), results[8].GetProperty("final_loss").GetDouble());
        Assert.Equal(
            ["version", "runtime", "os", "architecture", "processor_count", "threads", "kernels"],
            json.GetProperty("environment").EnumerateObject().Select(member => member.Name));
        Assert.Contains("published", text, StringComparison.Ordinal);
        Assert.Contains("114.15", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n').Where(line => line.Contains("skip2-lora ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, 100));
    }

    [Fact]
    public void CompareTakesTheUsersModelAndDataAndSeveralSeeds()
    {
        Succeed("compare --methods ft-last,skip2-lora:int3 --seeds 2 --epochs 1 --train-samples 100 --test-samples 100 --rotate 0 --json c.json --model", BaseModel, "--data", Sample);
        JsonElement[] results = [.. Json("c.json").GetProperty("results").EnumerateArray()];
        Assert.Equal(3, results.Length);
        Assert.Equal("int3", results[2].GetProperty("cache").GetString());
        double[] accuracies = [.. results[1].GetProperty("accuracies").EnumerateArray().Select(one => one.GetDouble())];
        Assert.Equal(2, accuracies.Length);
        Assert.Equal(accuracies.Average(), results[1].GetProperty("accuracy").GetDouble(), 12);
        Assert.Equal(Math.Abs(accuracies[0] - accuracies[1]) / Math.Sqrt(2), results[1].GetProperty("accuracy_deviation").GetDouble(), 12);
        Assert.InRange(results[0].GetProperty("accuracy").GetDouble(), 0.7, 1);
    }

    [Fact]
    public void PretrainWritesAModelThatEvaluateReads()
    {
        Succeed("pretrain --out base.onnx --epochs 2 --batch-size 16 --json p.json --data", Sample);
        Succeed("evaluate --model base.onnx --json e.json --rotate 0");
        double accuracy = Json("p.json").GetProperty("accuracy").GetDouble();
        Assert.InRange(accuracy, 0.3, 1);
        Assert.Equal(accuracy, Json("e.json").GetProperty("accuracy").GetDouble());
    }
}
