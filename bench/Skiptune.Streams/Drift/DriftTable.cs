using System.Globalization;
using System.Text;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streams.Drift;

/// <summary>The measured table: streams down, detectors across.</summary>
internal static class DriftTable
{
    public static string Markdown(Contestant[] contestants, Seeds seeds)
    {
        StringBuilder text = new();
        string header = string.Concat(contestants.Select(contestant => $" {contestant.Name} |"));
        string line = string.Concat(contestants.Select(_ => "---|"));
        text.Append(CultureInfo.InvariantCulture, $"| false alarms per 10,000 samples |{header}\n|---|{line}\n");
        foreach (SyntheticStream stream in SyntheticStream.Stationary)
            Row(text, stream, contestants, contestant => Trial.FalseAlarms(contestant, stream, seeds).ToString("F2", CultureInfo.InvariantCulture));
        text.Append(CultureInfo.InvariantCulture, $"\n| delay in samples (share found) |{header}\n|---|{line}\n");
        foreach (SyntheticStream stream in SyntheticStream.Changing)
            Row(text, stream, contestants, contestant => Delay(Trial.Delay(contestant, stream, seeds)));
        text.Append(CultureInfo.InvariantCulture, $"| bytes of state |{string.Concat(contestants.Select(contestant => $" {StateBytes(contestant.Create()):N0} |"))}\n");
        return text.ToString();
    }

    private static void Row(StringBuilder text, SyntheticStream stream, Contestant[] contestants, Func<Contestant, string> cell) =>
        text.Append(CultureInfo.InvariantCulture, $"| {stream.Name} |{string.Concat(contestants.Select(contestant => contestant.Takes.Contains(stream.Kind) ? $" {cell(contestant)} |" : "  |"))}\n");

    private static string Delay((double Median, double Found) delay) => delay.Found == 0 ? "never" : FormattableString.Invariant($"{delay.Median:F0} ({100 * delay.Found:F0} %)");

    private static long StateBytes(IDriftDetector detector)
    {
        using MemoryStream memory = new();
        using BinaryWriter writer = new(memory);
        detector.WriteState(writer);
        return memory.Length;
    }
}
