using System.Collections.Immutable;
using System.CommandLine;
using Skiptune.Streaming.Anomaly;
using Skiptune.Streaming.Drift;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Cli.Arguments;

/// <summary>The options that choose what watches the stream.</summary>
internal sealed class MonitorArguments
{
    private const string None = "none";
    private const string AnomalyDetector = "onlad";

    private readonly Option<string> _detectors = NewOption.Text(
        "--detector", "names", "Drift detectors with commas: adwin, page-hinkley, kswin, ddm, centroid; each perhaps over =uncertainty, =anomaly, =anomaly_score or =error; or none", "kswin=anomaly");

    private readonly Option<string> _anomaly = NewOption.Text("--anomaly", "name", "Anomaly detector: onlad, or none where no drift detector needs one", AnomalyDetector);
    private readonly Option<string> _scale = NewOption.Text("--anomaly-scale", "name", "What it does to values first: none, standardize or log_standardize (spectra, powers, counts)", "standardize");

    public MonitorArguments(Command command)
    {
        foreach (Option option in (Option[])[_detectors, _anomaly, _scale])
            command.Add(option);
    }

    /// <summary>The options with what is chosen, for samples of a length and classes of a number.</summary>
    /// <exception cref="UsageException">A name does not exist.</exception>
    public LearnerOptions Apply(ParseResult parsed, LearnerOptions options, int length, int classes)
    {
        ImmutableArray<DriftMonitor> monitors = parsed.GetRequiredValue(_detectors) is var names && names == None
            ? []
            : [.. names.Split(',', StringSplitOptions.TrimEntries).Select(name => Monitor(name, length, classes))];
        bool needsScores = monitors.Any(monitor => monitor.Signal is DriftSignal.AnomalyScore or DriftSignal.Anomaly);
        string anomaly = parsed.GetRequiredValue(_anomaly);
        if (anomaly is not (None or AnomalyDetector))
            throw new UsageException($"--anomaly '{anomaly}' is not possible; choose one of {AnomalyDetector}, {None}");
        InputScale scale = Parse<InputScale>("--anomaly-scale", parsed.GetRequiredValue(_scale));
        return options with
        {
            Monitors = monitors,
            Anomaly = anomaly == AnomalyDetector || needsScores ? new Onlad(new OnladOptions { Features = length, Scale = scale }) : null,
        };
    }

    private static DriftMonitor Monitor(string text, int length, int classes)
    {
        string[] parts = text.Split('=');
        IDriftDetector detector = parts[0] switch
        {
            "adwin" => new Adwin(new AdwinOptions()),
            "page-hinkley" => new PageHinkley(new PageHinkleyOptions()),
            "kswin" => new Kswin(new KswinOptions()),
            "ddm" => new Ddm(new DdmOptions()),
            "centroid" => new Centroid(new CentroidOptions { Features = length, Classes = classes }),
            _ => throw new UsageException($"'{parts[0]}' is not a drift detector; choose one of adwin, page-hinkley, kswin, ddm, centroid, {None}"),
        };
        // DDM counts errors and knows nothing else.
        DriftSignal signal = parts.Length > 1 ? Parse<DriftSignal>("--detector", parts[1]) : detector is Ddm ? DriftSignal.Error : DriftSignal.Uncertainty;
        return new DriftMonitor($"{parts[0]}={ResultJson.NameOf(signal)}", detector, signal);
    }

    private static T Parse<T>(string option, string name)
        where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
        {
            if (ResultJson.NameOf(value) == name)
                return value;
        }
        throw new UsageException($"{option} '{name}' is not possible; choose one of {string.Join(", ", Enum.GetValues<T>().Select(value => ResultJson.NameOf(value)))}");
    }
}
