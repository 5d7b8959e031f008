using System.Text.Json;
using Skiptune.Comparison;

namespace Skiptune.Cli.Output;

/// <summary>A comparison for programs: means over the seeds, accuracies 0 .. 1.</summary>
internal static class ComparisonJson
{
    public static void Write(Utf8JsonWriter json, string task, ComparisonResult result, bool published)
    {
        json.WriteString("task", task);
        json.WriteNumber("base_accuracy", result.BaseAccuracy);
        json.WriteStartArray("results");
        foreach (ComparisonRow row in result.Rows)
            WriteRow(json, row, result.Seeds, published ? Published.Find(row.Method, row.Cache) : null);
        json.WriteEndArray();
        EnvironmentJson.Write(json, result.Threads, result.Kernels);
    }

    private static void WriteRow(Utf8JsonWriter json, ComparisonRow row, int seeds, Published? published)
    {
        json.WriteStartObject();
        json.WriteString("method", row.Method);
        json.WriteString("cache", row.Cache);
        json.WriteNumber("accuracy", row.Accuracy);
        json.WriteNumber("seconds", row.Seconds);
        json.WriteNumber("fill_seconds", row.FillSeconds);
        json.WriteNumber("cache_bytes", row.CacheBytes);
        json.WriteNumber("trainable_parameters", row.TrainableParameters);
        json.WriteNumber("final_loss", row.FinalLoss);
        if (published is not null)
            json.WriteNumber("published_accuracy", published.Accuracy / 100);
        if (published?.Seconds is { } seconds)
            json.WriteNumber("published_seconds", seconds);
        if (seeds > 1)
        {
            json.WriteNumber("seeds", row.Runs.Length);
            json.WriteNumber("accuracy_deviation", row.AccuracyDeviation);
            json.WriteNumber("seconds_median", row.MedianSeconds);
            json.WriteStartArray("accuracies");
            foreach (ComparisonRun run in row.Runs)
                json.WriteNumberValue(run.Accuracy);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
