// Measures what the streaming library does, and writes the tables of the documentation:
//   dotnet run -c Release --project bench/Skiptune.Streams -- drift [--choose] [--docs docs/drift.md]
//   dotnet run -c Release --project bench/Skiptune.Streams -- nab [--choose] [--assets DIR] [--docs docs/anomaly.md]
//   dotnet run -c Release --project bench/Skiptune.Streams -- fan [--assets DIR] [--damage 1|2] [--docs docs/anomaly.md]
// DIR holds nab/ and cooling_fan/; default ../shared/assets.
using System.CommandLine;
using CoolingFan;
using CoolingFan.Anomalies;
using Skiptune;
using Skiptune.Streams;
using Skiptune.Streams.Drift;
using Skiptune.Streams.Nab;

Option<string> assets = new("--assets") { Description = "The folder of data", DefaultValueFactory = _ => Path.Combine("..", "shared", "assets") };
Option<string?> docs = new("--docs") { Description = "The page to write the table into" };
Option<bool> choose = new("--choose") { Description = "Try the settings among which those of the table were chosen, on streams set apart for that" };
Option<int> damage = new("--damage") { Description = "The fan's fault: 1 or 2", DefaultValueFactory = _ => 1 };
damage.AcceptOnlyFromAmong("1", "2");

Command drift = new("drift", "False alarms and delays of the drift detectors") { choose, docs };
drift.SetAction(arguments => Show(arguments, "drift", () => arguments.GetValue(choose)
    ? DriftTable.Markdown(Candidates.All, Seeds.Choosing)
    : $"{DriftTable.Markdown(Contestant.All, Seeds.Reporting)}\nSet for values of which neighbours are alike:\n\n{DriftTable.Markdown(Contestant.ForCorrelated, Seeds.Reporting)}"));
Command nab = new("nab", "The Numenta Anomaly Benchmark") { choose, assets, docs };
nab.SetAction(arguments => Show(arguments, "nab", () => arguments.GetValue(choose)
    ? NabTable.Choose(Path.Combine(arguments.GetValue(assets)!, "nab"))
    : NabTable.Markdown(Path.Combine(arguments.GetValue(assets)!, "nab"))));
Command fan = new("fan", "How well a damaged fan is told") { assets, damage, docs };
fan.SetAction(arguments => Show(arguments, "fan", () =>
{
    FanRecordings recordings = new(Path.Combine(arguments.GetValue(assets)!, "cooling_fan"));
    return $"{AnomalyTable.Markdown(AnomalyTable.Run(recordings, arguments.GetValue(damage)))}\n\n{AnomalyTable.ScaleReason(recordings)}\n";
}));
return new RootCommand("Measures detectors of anomalies and of drift") { drift, nab, fan }.Parse(args).Invoke();

int Show(ParseResult arguments, string section, Func<string> measure)
{
    try
    {
        string table = measure();
        Console.WriteLine(table);
        if (arguments.GetValue(docs) is { } page)
            PageSection.Write(page, section, table);
        return 0;
    }
    catch (Exception exception) when (exception is SkiptuneException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {exception.Message}");
        return 1;
    }
}
