// A fan's vibration on the device: what is normal is learnt where the fan runs, and the classifier adapts to the room.
//   dotnet run -c Release --project samples/CoolingFan -- --data DIR [--damage 1|2] [--json FILE]
using System.CommandLine;
using System.Text.Json.Nodes;
using CoolingFan;
using CoolingFan.Adaptation;
using CoolingFan.Anomalies;
using Skiptune;

Option<string> data = new("--data") { Description = "The folder of the recordings' zips", Required = true };
Option<int> damage = new("--damage") { Description = "The fault: 1 or 2", DefaultValueFactory = _ => 1 };
damage.AcceptOnlyFromAmong("1", "2");
Option<string?> json = new("--json") { Description = "A file for the figures" };
RootCommand command = new("A cooling fan watched on the device") { data, damage, json };
command.SetAction(arguments =>
{
    try
    {
        FanRecordings recordings = new(arguments.GetRequiredValue(data));
        int fault = arguments.GetValue(damage);
        AnomalyRun[] runs = AnomalyTable.Run(recordings, fault);
        (AnomalyRun silentOnly, AnomalyRun onSite) = (runs[^2], runs[^1]);
        Console.WriteLine(AnomalyTable.Markdown(runs));
        AdaptationRun[] loop = AdaptationTable.Run(recordings, fault);
        Console.WriteLine();
        Console.WriteLine(AdaptationTable.Markdown(loop));
        JsonObject figures = new()
        {
            ["auc_silent_only"] = silentOnly.Auc,
            ["auc_on_site"] = onSite.Auc,
            ["microseconds_per_sample"] = onSite.MicrosecondsPerSample,
            ["false_alarms"] = loop.Sum(run => run.FalseAlarms),
            ["drift_delay_samples"] = loop.Max(run => run.DriftDelay),
            ["accuracy_before"] = loop.Average(run => run.Before),
            ["accuracy_after"] = loop.Average(run => run.After),
            ["finetune_ms"] = loop.Average(run => run.FineTuneMilliseconds),
            ["max_answer_delay_ms"] = loop.Max(run => run.AnswerMilliseconds),
        };
        if (arguments.GetValue(json) is { } path)
            File.WriteAllText(path, figures.ToJsonString(new() { WriteIndented = true }) + "\n");
        return 0;
    }
    catch (Exception exception) when (exception is SkiptuneException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {exception.Message}");
        return 1;
    }
});
return command.Parse(args).Invoke() is 0 ? 0 : 1;
