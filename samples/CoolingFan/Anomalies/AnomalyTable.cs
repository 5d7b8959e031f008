using Skiptune.Streaming.Anomaly;

namespace CoolingFan.Anomalies;

/// <summary>
/// ONLAD taught in silent rooms alone and on site, under each preprocessing. All settings are the library's defaults but
/// the scale: spectra are never negative and their spread grows with their mean (normal recordings at one speed: correlation of
/// a bin's mean and deviation over the bins 0.8 raw, below 0.15 after the logarithm), which is what the logarithm is for.
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

    /// <summary>The table in Markdown.</summary>
    public static string Markdown(IEnumerable<AnomalyRun> runs) => string.Join('\n',
    [
        "| taught on normal recordings of | preprocessing | instances | AUC | µs a sample |",
        "|---|---|---|---|---|",
        .. runs.Select(run => $"| {run.Taught} | {run.Preprocessing} | {run.Instances} | {run.Auc:F3} | {run.MicrosecondsPerSample:F1} |"),
    ]);
}
