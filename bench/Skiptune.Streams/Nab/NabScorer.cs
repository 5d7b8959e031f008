namespace Skiptune.Streams.Nab;

/// <summary>
/// The score of NAB (Lavin and Ahmad, ICMLA 2015): the earliest alarm in a window counts, the more the earlier; alarms outside cost,
/// the more the farther behind a window; missed windows cost. One threshold for all series, the one that scores best. 0 is no alarm at
/// all, 100 every anomaly found at once and nothing else.
/// </summary>
internal static class NabScorer
{
    /// <summary>The best normalised score over all thresholds, and the threshold.</summary>
    /// <param name="files">The series.</param>
    /// <param name="scores">For each series and row, how anomalous it is; rows at or above the threshold are alarms.</param>
    /// <param name="profile">What alarms are worth.</param>
    public static (double Score, double Threshold) Best(NabFile[] files, double[][] scores, NabProfile profile)
    {
        int windows = files.Sum(file => file.Windows.Length);
        double none = -profile.FalseNegative * windows;
        (double score, double best, double threshold) = (none, none, double.PositiveInfinity);
        Dictionary<(int, int), double> found = [];
        Row[] rows = [.. files.SelectMany((file, f) => Rows(file, f, scores[f], profile)).OrderByDescending(row => row.Score)];
        for (int i = 0; i < rows.Length; i++)
        {
            Row row = rows[i];
            if (row.Window < 0)
            {
                score += row.Worth;
            }
            else
            {
                double before = found.GetValueOrDefault((row.File, row.Window), -profile.FalseNegative);
                found[(row.File, row.Window)] = Math.Max(before, row.Worth);
                score += found[(row.File, row.Window)] - before;
            }
            bool last = i == rows.Length - 1 || rows[i + 1].Score < row.Score;
            if (last && score > best)
                (best, threshold) = (score, row.Score);
        }
        return (Normalise(best, windows, profile), threshold);
    }

    /// <summary>A sum over series as NAB publishes it: 0 for no alarm, 100 for all that can be had.</summary>
    public static double Normalise(double score, int windows, NabProfile profile) =>
        100 * (score + profile.FalseNegative * windows) / ((profile.TruePositive + profile.FalseNegative) * windows);

    /// <summary>1 well before the right end of a window (-1 is its left end), 0 there, -1 far behind.</summary>
    private static double Worth(double position) => position >= 3 ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;

    private static IEnumerable<Row> Rows(NabFile file, int index, double[] scores, NabProfile profile)
    {
        int window = -1;
        for (int row = 0; row < scores.Length; row++)
        {
            if (window + 1 < file.Windows.Length && row >= file.Windows[window + 1].First)
                window++;
            if (row < file.Probation)
                continue;
            (int first, int last) = window < 0 ? default : file.Windows[window];
            double length = last - first + 1;
            if (window < 0)
                yield return new Row(scores[row], index, -1, -profile.FalsePositive);
            else if (row <= last)
                yield return new Row(scores[row], index, window, profile.TruePositive * Worth(-(last - row + 1) / length) / Worth(-1));
            else
                yield return new Row(scores[row], index, -1, profile.FalsePositive * Worth((row - last) / (length - 1)));
        }
    }

    private readonly record struct Row(double Score, int File, int Window, double Worth);
}
