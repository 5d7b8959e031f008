using System.Globalization;
using System.Text;

namespace Skiptune.Streams.Nab;

/// <summary>ONLAD's score on NAB, beside those that others have published.</summary>
internal static class NabTable
{
    // Random hidden layers differ by some points: the mean of several is what the method is worth.
    private const int Seeds = 5;

    /// <summary>The settings tried, on every second series alone.</summary>
    public static string Choose(string folder)
    {
        NabFile[] files = [.. Read(folder).Where((_, i) => i % 2 == 0)];
        StringBuilder text = new("| last values | means before | instances | score |\n|---|---|---|---|\n");
        foreach (NabDetector detector in NabDetector.Candidates)
            text.Append(CultureInfo.InvariantCulture, $"| {detector.Recent} | {detector.Blocks} | {detector.Instances} | {Scores(detector, files, [files], NabProfile.All[0])[0]} |\n");
        return text.ToString();
    }

    public static string Markdown(string folder)
    {
        NabFile[] files = Read(folder);
        NabFile[] others = [.. files.Where((_, i) => i % 2 != 0)];
        Score[] own = Scores(NabDetector.Chosen, files, [files, others], NabProfile.All[0]);
        List<(double Here, string Row)> rows = [(own[0].Mean, $"| **ONLAD** |  | {own[0]} | {own[1]} |\n")];
        foreach (PublishedScores other in PublishedScores.Read())
            rows.Add((other.Score(files), FormattableString.Invariant($"| {other.Name} | {other.Score(null):F1} | {other.Score(files):F1} | {other.Score(others):F1} |\n")));
        rows.Add((0, "| no alarm at all | 0.0 | 0.0 | 0.0 |\n"));

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"| detector | all {PublishedScores.Files} series | the {files.Length} series at hand | the {others.Length} that chose nothing |\n|---|---|---|---|\n");
        text.AppendJoin("", rows.OrderByDescending(row => row.Here).Select(row => row.Row));
        text.Append(CultureInfo.InvariantCulture, $"\nONLAD under the other profiles, on the {files.Length} series: {string.Join(", ", NabProfile.All.Skip(1).Select(profile => $"{profile.Name} {Scores(NabDetector.Chosen, files, [files], profile)[0]}"))}.\n");
        return text.ToString();
    }

    private static NabFile[] Read(string folder) => NabFile.ReadAll(folder) is { Length: > 0 } files ? files : throw new SkiptuneException($"{folder}: there are no series in data/");

    // The detector's score on each of the groups of series.
    private static Score[] Scores(NabDetector detector, NabFile[] files, NabFile[][] groups, NabProfile profile)
    {
        Dictionary<NabFile, double[]>[] runs = [.. Enumerable.Range(0, Seeds).Select(seed =>
            files.AsParallel().Select(file => (file, scores: detector.Run(file, seed))).ToDictionary(run => run.file, run => run.scores))];
        return [.. groups.Select(group => Score.Of([.. runs.Select(run => NabScorer.Best(group, [.. group.Select(file => run[file])], profile).Score)]))];
    }

    private readonly record struct Score(double Mean, double Deviation)
    {
        public static Score Of(double[] values)
        {
            double mean = values.Average();
            return new Score(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
        }

        public override string ToString() => FormattableString.Invariant($"{Mean:F1} ± {Deviation:F1}");
    }
}
