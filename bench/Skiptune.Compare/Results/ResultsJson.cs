using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Skiptune.Compare.Measuring;

namespace Skiptune.Compare.Results;

/// <summary>The results for programs.</summary>
internal static class ResultsJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static byte[] Of(Report report)
    {
        Measurements results = report.Results;
        JsonObject json = new()
        {
            ["date"] = report.Date.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            ["commit"] = report.Commit,
            ["quick"] = report.Quick,
            ["idle"] = results.Idle,
            ["warning"] = report.Warning,
            ["other_load_processors"] = Numbers(results.OtherLoads.Select(pair => (pair.Key, (double?)pair.Value))),
            ["machine"] = new JsonObject
            {
                ["processor"] = report.Machine.Processor,
                ["processors"] = report.Machine.Processors,
                ["caches"] = new JsonArray([.. report.Machine.Caches.Select(cache => (JsonNode)cache)]),
                ["memory"] = report.Machine.Memory,
                ["os"] = report.Machine.OperatingSystem,
                ["kernels"] = Numerics.KernelSet.Current.Name,
            },
            ["versions"] = new JsonObject([KeyValuePair.Create(".NET", (JsonNode?)report.Machine.Runtime), .. results.Versions.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]),
            ["fma_peak_gflops_one_core"] = Numbers(results.FmaPeaks.Select(pair => ($"{pair.Key}", (double?)pair.Value))),
            ["triad_gigabytes_per_second"] = Numbers(results.Bandwidths.Select(pair => ($"{pair.Key}", (double?)pair.Value))),
            ["threads"] = new JsonObject(Measurements.ThreadCounts.Select(threads => KeyValuePair.Create($"{threads}", (JsonNode?)Section(results, threads)))),
            ["torch_variants_ms"] = new JsonObject(results.Variants.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject
            {
                ["fastest"] = pair.Value.Fastest,
                ["all"] = Numbers(pair.Value.All.Select(one => (one.Key, (double?)one.Value))),
            }))),
            ["accuracy"] = new JsonObject(results.Accuracies.Select(pair => KeyValuePair.Create(pair.Job, (JsonNode?)new JsonObject
            {
                ["skiptune"] = pair.Ours,
                ["torch"] = pair.Torch,
                ["agree"] = pair.Agree,
            }))),
            ["scaling"] = results.Scaling?.ToJson(),
            ["not_measured"] = new JsonArray([.. results.Missing.Select(missing => (JsonNode)missing)]),
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString(Indented) + "\n");
    }

    private static JsonObject Section(Measurements results, int threads)
    {
        JsonObject section = Numbers(Ratios.Of(results, threads).Select(one => (one.Target.Key, one.Value)));
        section["details"] = Numbers(Ratios.Details(results, threads));
        section["targets_met"] = new JsonObject(Ratios.Of(results, threads).Select(one => KeyValuePair.Create(one.Target.Key, (JsonNode?)(one.Value is { } value ? one.Target.IsMet(value) : null))));
        section["median_ms"] = Numbers(results.All(threads).Select(pair => (pair.Key, (double?)pair.Value.Median)));
        section["all_ms"] = new JsonObject(results.All(threads).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonArray([.. pair.Value.All.Select(value => (JsonNode)Math.Round(value, 4))]))));
        return section;
    }

    /// <summary>Numbers by name; what is unknown is null.</summary>
    public static JsonObject Numbers(IEnumerable<(string Key, double? Value)> values) =>
        new(values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value is { } value && double.IsFinite(value) ? (JsonNode?)Math.Round(value, 6) : null)));
}
