using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Skiptune.Compare.Results;

namespace Skiptune.Compare.Scaling;

/// <summary>The times of one run's shape with one cache format, in milliseconds.</summary>
internal sealed record ScalingPoint(string Cache, double X, double Total, double Steps);

/// <summary>What one quantity does to the time, the others as in the reference task.</summary>
/// <param name="Name">The quantity.</param>
/// <param name="Points">Its values and the times.</param>
/// <param name="LinearOf">Which times must grow linearly with it; null where they need not.</param>
internal sealed record ScalingAxis(string Name, ImmutableArray<ScalingPoint> Points, Func<ScalingPoint, double>? LinearOf)
{
    public const double LeastSlope = 0.85;
    public const double MostSlope = 1.15;

    /// <summary>The caches that were measured.</summary>
    public IEnumerable<string> Caches => Points.Select(point => point.Cache).Distinct();

    /// <summary>The slope in a log-log plot, 1 for linear growth; null where it need not be.</summary>
    public double? Slope(string cache) => LinearOf is null ? null : Measuring.Statistics.LogSlope(
        Points.Where(point => point.Cache == cache).Select(point => (point.X, LinearOf(point))));

    public static bool IsLinear(double slope) => slope is >= LeastSlope and <= MostSlope;

    public JsonObject ToJson() => new(Caches.Select(cache => KeyValuePair.Create(cache, (JsonNode?)new JsonObject
    {
        ["slope"] = Slope(cache),
        ["total_ms"] = ResultsJson.Numbers(Points.Where(point => point.Cache == cache).Select(point => ($"{point.X}", (double?)point.Total))),
        ["steps_ms"] = ResultsJson.Numbers(Points.Where(point => point.Cache == cache).Select(point => ($"{point.X}", (double?)point.Steps))),
    })));
}
