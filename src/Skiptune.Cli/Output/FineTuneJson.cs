using System.Text.Json;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Output;

/// <summary>A fine-tuning for programs.</summary>
internal static class FineTuneJson
{
    public static void Write(Utf8JsonWriter json, FineTunePlan plan, FineTuneResult result, string? adapterPath)
    {
        json.WriteString("method", plan.Method);
        json.WriteString("cache", plan.Cache);
        json.WriteNumber("epochs", result.Epochs);
        json.WriteBoolean("cancelled", result.Cancelled);
        json.WriteNumber("resumed_epochs", result.ResumedEpochs);
        json.WriteNumber("seconds", result.Seconds);
        json.WriteNumber("fill_seconds", result.FillSeconds);
        json.WriteNumber("step_seconds", result.StepSeconds);
        json.WriteNumber("cache_bytes", result.CacheBytes);
        json.WriteNumber("trainable_parameters", result.TrainableParameters);
        if (double.IsFinite(result.FinalLoss))
            json.WriteNumber("final_loss", result.FinalLoss);
        if (result.Validation is { } validation)
        {
            if (!double.IsNaN(validation.Accuracy))
                json.WriteNumber("validation_accuracy", validation.Accuracy);
            json.WriteNumber("validation_loss", validation.Loss);
        }
        if (adapterPath is not null)
            json.WriteString("adapter_path", adapterPath);
        EnvironmentJson.Write(json, plan.Threads, plan.Kernels);
    }
}
