using System.Text.Json;

namespace Skiptune.RealModels.Report;

/// <summary>All figures as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NewLine = "\n" };

    public static void Write(string path, IReadOnlyList<ModelReport> reports)
    {
        File.WriteAllText(path, JsonSerializer.Serialize(new { Processors = Environment.ProcessorCount, Models = reports }, s_layout) + "\n");
        Console.WriteLine($"wrote {path}");
    }
}
