using System.Globalization;
using System.Text.Json;

namespace Skiptune.Streams.Nab;

/// <summary>A series of the Numenta Anomaly Benchmark and where its anomalies are.</summary>
/// <param name="Name">Folder and file.</param>
/// <param name="Values">The series.</param>
/// <param name="Windows">First and last row of each window around an anomaly.</param>
internal sealed record NabFile(string Name, float[] Values, (int First, int Last)[] Windows)
{
    /// <summary>Rows at the start that count for nothing: 15 %, 750 at most.</summary>
    public int Probation => (int)Math.Min(Math.Floor(0.15 * Values.Length), 0.15 * 5000);

    /// <summary>All series there are in a folder, in ordinal order.</summary>
    /// <param name="folder">Has data/ and labels/combined_windows.json.</param>
    public static NabFile[] ReadAll(string folder)
    {
        using JsonDocument labels = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "labels", "combined_windows.json")));
        return [.. labels.RootElement.EnumerateObject()
            .Where(series => File.Exists(Path.Combine(folder, "data", series.Name)))
            .OrderBy(series => series.Name, StringComparer.Ordinal)
            .Select(series => Read(Path.Combine(folder, "data", series.Name), series))];
    }

    private static NabFile Read(string path, JsonProperty series)
    {
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        DateTime[] times = [.. rows.Select(row => Time(row[0]))];
        return new NabFile(
            series.Name,
            [.. rows.Select(row => float.Parse(row[1], NumberStyles.Float, CultureInfo.InvariantCulture))],
            [.. series.Value.EnumerateArray().Select(window => (Array.IndexOf(times, Time(window[0].GetString()!)), Array.IndexOf(times, Time(window[1].GetString()!))))]);
    }

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
