using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Network;

/// <summary><c>GET /metrics</c> in the text format of Prometheus, version 0.0.4.</summary>
internal static class Metrics
{
    public static Task WriteMetricsAsync(this HttpContext context, LearnerStatus status, DelayHistogram delays)
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Text(status, delays), context.RequestAborted);
    }

    public static string Text(LearnerStatus status, DelayHistogram delays)
    {
        StringBuilder text = new();
        Head("skiptune_samples_total", "counter", "Samples by what became of them.");
        foreach ((SampleOutcome outcome, long count) in new[]
        {
            (SampleOutcome.Accepted, status.Accepted),
            (SampleOutcome.Duplicate, status.Duplicates),
            (SampleOutcome.Quarantined, status.Quarantined),
        })
            text.Append($"skiptune_samples_total{{outcome=\"{ResultJson.NameOf(outcome)}\"}} {count}\n");
        Value("skiptune_labels_total", "counter", "Labels taken, late ones included.", status.Labelled);
        Value("skiptune_rounds_total", "counter", "Fine-tunings begun.", status.Rounds);
        Value("skiptune_active_version", "gauge", "The version that answers; 0 is the base model.", status.Active);
        Value("skiptune_collected_samples", "gauge", "Labelled samples collected since the drift.", status.Collected);
        Head("skiptune_phase", "gauge", "1 for the phase the loop is in.");
        foreach (LearnerPhase phase in Enum.GetValues<LearnerPhase>())
            text.Append($"skiptune_phase{{phase=\"{ResultJson.NameOf(phase)}\"}} {(phase == status.Phase ? 1 : 0)}\n");

        Head("skiptune_delay_seconds", "histogram", "From a sample's arrival to its answer, when it is on the disk.");
        long all = 0;
        for (int i = 0; i <= DelayHistogram.Bounds.Length; i++)
        {
            all += delays.Counts[i];
            string bound = i < DelayHistogram.Bounds.Length ? DelayHistogram.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append($"skiptune_delay_seconds_bucket{{le=\"{bound}\"}} {all}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"skiptune_delay_seconds_sum {delays.Total.TotalSeconds}\nskiptune_delay_seconds_count {all}\n");
        return text.ToString();

        void Head(string name, string type, string help) => text.Append($"# HELP {name} {help}\n# TYPE {name} {type}\n");

        void Value(string name, string type, string help, long value)
        {
            Head(name, type, help);
            text.Append($"{name} {value}\n");
        }
    }
}
