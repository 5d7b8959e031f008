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
        string[] published = [.. NabProfile.All.Select(profile => Score(files, scores, profile))];
        string half = Score(others, scoresOfOthers, NabProfile.All[0]);

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| detector | all {PublishedScores.Files} series | the {files.Length} series at hand | those not used to choose |");
        text.Append(" reward low FP rate | reward low FN rate |\n|---|---|---|---|---|---|\n");
        List<(double Score, string Row)> rows = [(double.Parse(published[0], CultureInfo.InvariantCulture), $"| **ONLAD**, last {Length} values |  | {published[0]} | {half} | {published[1]} | {published[2]} |\n")];
        foreach (PublishedScores other in PublishedScores.Read())
        {
            double here = other.Score(files);
            rows.Add((here, FormattableString.Invariant($"| {other.Name} | {other.Score(null):F1} | {here:F1} | {other.Score(others):F1} |  |  |\n")));
        }
        rows.Add((0, "| none (no alarm) | 0.0 | 0.0 | 0.0 | 0.0 | 0.0 |\n"));
        foreach ((_, string row) in rows.OrderByDescending(row => row.Score))
            text.Append(row);
        return text.ToString();
    }

    private static string Score(NabFile[] files, double[][] scores, NabProfile profile) => NabScorer.Best(files, scores, profile).Score.ToString("F1", CultureInfo.InvariantCulture);
}
