using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Skiptune.Compare.Scaling;

/// <summary>How time and memory grow.</summary>
internal sealed record ScalingResult(ImmutableArray<ScalingAxis> Axes, ImmutableArray<MemoryPoint> Memory)
{
    /// <summary>One sentence for each quantity whose cost must grow linearly.</summary>
    public IEnumerable<string> Slopes =>
        from axis in Axes
        from cache in axis.Caches
        let slope = axis.Slope(cache)
        where slope is not null
        select string.Create(CultureInfo.InvariantCulture, $"time against {axis.Name}, {cache}: log-log slope {slope:F3}, {(ScalingAxis.IsLinear(slope.Value) ? "linear" : "NOT linear")} ({ScalingAxis.LeastSlope} to {ScalingAxis.MostSlope} counts as linear)");

    public void Print(StringBuilder text)
    {
        foreach (string slope in Slopes)
            text.AppendLine(slope);
        foreach (MemoryPoint point in Memory)
            text.AppendLine(CultureInfo.InvariantCulture, $"memory, {point.What}, {point.Cache}: measured {point.Measured / 1e6:F1} MB (± {point.Noise / 1e6:F1}), planned {point.Planned / 1e6:F1} MB: {(point.IsWithin ? "within" : "MORE than planned")}");
    }

    public JsonObject ToJson() => new()
    {
        ["time"] = new JsonObject(Axes.Select(axis => KeyValuePair.Create(axis.Name, (JsonNode?)axis.ToJson()))),
        ["memory"] = new JsonArray([.. Memory.Select(point => (JsonNode)point.ToJson())]),
    };
}
