using System.Text.Json;
using Skiptune.Cli.Arguments;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Cli.Output;

/// <summary>The names for programs.</summary>
internal static class MethodsJson
{
    public static void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("methods");
        foreach (FineTuneMethod method in FineTuneMethod.All)
        {
            json.WriteStartObject();
            json.WriteString("name", method.Name);
            json.WriteString("description", method.Description);
            json.WriteNumber("learning_rate_adam", method.DefaultLearningRate(new Adam()));
            json.WriteNumber("learning_rate_sgd", method.DefaultLearningRate(new Sgd()));
            json.WriteString("default_cache", method.DefaultCache.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteNames(json, "caches", CacheFormat.All.Select(format => format.Name));
        WriteNames(json, "optimizers", OptimizerName.All.Select(optimizer => optimizer.Name));
        WriteNames(json, "schedules", TrainingArguments.Schedules.Select(schedule => schedule.Name));
        WriteNames(json, "kernels", KernelSet.Available.Select(form => form.Name));
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (string name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
