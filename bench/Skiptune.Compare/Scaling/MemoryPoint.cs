using System.Text.Json.Nodes;

namespace Skiptune.Compare.Scaling;

/// <summary>The memory of one run, in bytes.</summary>
/// <param name="What">The run's shape in words.</param>
/// <param name="Cache">The cache format.</param>
/// <param name="Samples">The samples.</param>
/// <param name="Planned">The plan's peak.</param>
/// <param name="Measured">The process's peak less that of one that trains on a few samples.</param>
/// <param name="Noise">By how much peaks of equal processes differed.</param>
internal sealed record MemoryPoint(string What, string Cache, int Samples, long Planned, long Measured, long Noise)
{
    public bool IsWithin => Measured - Noise <= Planned;

    public JsonObject ToJson() => new()
    {
        ["run"] = What,
        ["cache"] = Cache,
        ["samples"] = Samples,
        ["planned_bytes"] = Planned,
        ["measured_bytes"] = Measured,
        ["noise_bytes"] = Noise,
        ["within"] = IsWithin,
    };
}
