using System.Globalization;
using System.Text;
using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streams.Nab;

/// <summary>ONLAD's score on NAB, beside those that others have published.</summary>
internal static class NabTable
{
    // Of 4, 8, 16, 24 and 48 values the best on every second series; all else is the library's default.
    private const int Length = 24;

    public static string Markdown(string folder)
    {
        NabFile[] files = NabFile.ReadAll(folder);
        if (files.Length == 0)
            throw new SkiptuneException($"{folder}: there are no series in data/");
        NabDetector detector = new(Length, new OnladOptions { Features = Length });
        double[][] scores = [.. files.AsParallel().AsOrdered().Select(detector.Run)];
        NabFile[] others = [.. files.Where((_, i) => i % 2 != 0)];
        double[][] scoresOfOthers = [.. scores.Where((_, i) => i % 2 != 0)];
        List<(double Score, string Row)> rows = [];
        Add($"**ONLAD**, last {Length} values", null, NabScorer.Best(files, scores, NabProfile.All[0]).Score, NabScorer.Best(others, scoresOfOthers, NabProfile.All[0]).Score);
        foreach (PublishedScores other in PublishedScores.Read())
            Add(other.Name, other.Score(null), other.Score(files), other.Score(others));
        Add("no alarm at all", 0, 0, 0);

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| detector | all {PublishedScores.Files} series | the {files.Length} series at hand | the {others.Length} that chose nothing |\n|---|---|---|---|\n");
        text.AppendJoin("", rows.OrderByDescending(row => row.Score).Select(row => row.Row));
        text.Append(CultureInfo.InvariantCulture, $"\nONLAD under the other profiles, on the {files.Length} series: {string.Join(", ", NabProfile.All.Skip(1).Select(profile => FormattableString.Invariant($"{profile.Name} {NabScorer.Best(files, scores, profile).Score:F1}")))}.\n");
        return text.ToString();

        void Add(string name, double? all, double here, double chosenNothing) => rows.Add((here, FormattableString.Invariant($"| {name} | {all:F1} | {here:F1} | {chosenNothing:F1} |\n")));
    }
}
