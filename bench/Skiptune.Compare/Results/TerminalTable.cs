using System.Globalization;
using System.Text;

namespace Skiptune.Compare.Results;

/// <summary>The results for people.</summary>
internal static class TerminalTable
{
    public static string Of(Report report)
    {
        Measurements results = report.Results;
        StringBuilder text = new();
        Line($"{report.Machine.Processor}, {report.Machine.Processors} processors; {report.Machine.Runtime}; {string.Join(", ", results.Versions.Select(pair => $"{pair.Key} {pair.Value}"))}; commit {report.Commit ?? "unknown"}");
        Line($"FMA peak of one core, GFLOP/s: {string.Join(", ", results.FmaPeaks.Select(pair => FormattableString.Invariant($"{pair.Key} bits {pair.Value:F1}")))}; memory GB/s: {string.Join(", ", results.Bandwidths.Select(pair => FormattableString.Invariant($"{pair.Key} thread(s) {pair.Value:F1}")))}");
        Line($"load of other processes, processors: {string.Join(", ", results.OtherLoads.Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value:F2}")))}");
        foreach (int threads in Measurements.ThreadCounts)
        {
            Line($"\n{threads} thread{(threads == 1 ? "" : "s")}");
            Line($"{"",-46} {"ratio",8} {"target",8}");
            foreach ((Target target, double? value) in Ratios.Of(results, threads))
                Line($"{target.Key,-46} {Number(value),8} {target.Describe(),8} {target.Verdict(value)}");
            foreach ((string key, double? value) in Ratios.Details(results, threads))
                Line($"{key,-46} {Number(value),8}");
            Line($"{"",-46} {"ms",8} {"least",8} {"most",8}");
            foreach ((string name, Measuring.Timings times) in results.All(threads))
                Line($"{name,-46} {Number(times.Median),8} {Number(times.Least),8} {Number(times.Most),8}");
        }
        Line($"");
        foreach ((string job, (string fastest, _)) in results.Variants)
            Line($"PyTorch's fastest {job}: {fastest}");
        foreach (AccuracyPair pair in results.Accuracies)
            Line($"accuracy after {pair.Job}: {100 * pair.Ours:F1} % here, {100 * pair.Torch:F1} % in PyTorch{(pair.Agree ? "" : ": NOT THE SAME TRAINING")}");
        results.Scaling?.Print(text);
        foreach (string missing in results.Missing)
            Line($"not measured: {missing}");
        if (report.Warning is { } warning)
            Line($"warning: {warning}");
        return text.ToString();

        void Line(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
    }

    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 100 => value.Value.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => value.Value.ToString("F1", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("F3", CultureInfo.InvariantCulture),
    };
}
