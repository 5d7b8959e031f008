using Skiptune.Streaming.Anomaly;

namespace CoolingFan.Anomalies;

/// <summary>
/// ONLAD taught in silent rooms alone and on site, under each preprocessing. All settings are the library's defaults but the
/// scale, which normal recordings alone decide (<see cref="SpreadFollowsMean"/>): where the spread grows with the mean, the
/// logarithm makes it even.
/// </summary>
internal static class AnomalyTable
{
    private static readonly string[] s_silent = ["silentA", "silentB"];

    /// <summary>The detector of the figures that are reported: 256 features, log spectra, all else default.</summary>
    public static OnladOptions Detector { get; } = new() { Features = FanRecordings.Bins, Scale = InputScale.LogStandardize };

    /// <summary>All rows; <see cref="SilentOnly"/> and <see cref="OnSite"/> are the last two.</summary>
    public static AnomalyRun[] Run(FanRecordings recordings, int fault) =>
    [
        .. new[] { InputScale.None, InputScale.Standardize }.Select(scale => Detector with { Scale = scale }).Prepend(Detector with { Instances = 4 }).SelectMany(
            options => new[] { AnomalyRun.Of(recordings, fault, options, s_silent), AnomalyRun.Of(recordings, fault, options, [.. s_silent, "noisy"]) }),
        AnomalyRun.Of(recordings, fault, Detector, "noisy"),
        SilentOnly(recordings, fault),
        OnSite(recordings, fault),
    ];

    /// <summary>Taught in the silent rooms, never on site.</summary>
    public static AnomalyRun SilentOnly(FanRecordings recordings, int fault) => AnomalyRun.Of(recordings, fault, Detector, s_silent);

    /// <summary>Taught in the silent rooms, then on site in one pass over its normal recordings.</summary>
    public static AnomalyRun OnSite(FanRecordings recordings, int fault) => AnomalyRun.Of(recordings, fault, Detector, [.. s_silent, "noisy"]);

    /// <summary>
    /// The correlation, over the bins, of a bin's mean with its deviation, averaged over the normal recordings at one speed in the
    /// noisy room: near 1 where noise multiplies, near 0 where it adds.
    /// </summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="transform">What is done to a value first.</param>
    public static double SpreadFollowsMean(FanRecordings recordings, Func<float, double> transform) => "hmlo".Average(speed =>
    {
        double[][] spectra = [.. recordings.Read($"12cm_{speed}_normal_noisy").Select(spectrum => Array.ConvertAll(spectrum, value => transform(value)))];
        double[] means = [.. Enumerable.Range(0, FanRecordings.Bins).Select(bin => spectra.Average(spectrum => spectrum[bin]))];
        double[] deviations = [.. means.Select((mean, bin) => Math.Sqrt(spectra.Average(spectrum => Math.Pow(spectrum[bin] - mean, 2))))];
        (double m, double d) = (means.Average(), deviations.Average());
        double together = means.Zip(deviations, (mean, deviation) => (mean - m) * (deviation - d)).Sum();
        return together / Math.Sqrt(means.Sum(mean => Math.Pow(mean - m, 2)) * deviations.Sum(deviation => Math.Pow(deviation - d, 2)));
    });

    /// <summary>What the scale was chosen by, in a sentence.</summary>
    public static string ScaleReason(FanRecordings recordings) => FormattableString.Invariant(
        $"Correlation of a bin's mean with its deviation in normal recordings: {SpreadFollowsMean(recordings, value => value):F2} raw, {SpreadFollowsMean(recordings, value => Math.Log(value + Detector.LogFloor)):F2} after the logarithm.");

    /// <summary>The table in Markdown.</summary>
    public static string Markdown(IEnumerable<AnomalyRun> runs) => string.Join('\n',
    [
        "| taught on normal recordings of | preprocessing | instances | AUC | µs a sample |",
        "|---|---|---|---|---|",
        .. runs.Select(run => $"| {run.Taught} | {run.Preprocessing} | {run.Instances} | {run.Auc:F3} ± {run.Deviation:F3} | {run.MicrosecondsPerSample:F1} |"),
    ]);
}
