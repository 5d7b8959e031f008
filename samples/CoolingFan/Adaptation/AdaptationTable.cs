using Skiptune.FineTuning;

namespace CoolingFan.Adaptation;

/// <summary>The whole loop over five seeds.</summary>
internal static class AdaptationTable
{
    private const int Seeds = 5;

    public static AdaptationRun[] Run(FanRecordings recordings, int fault)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cooling-fan-");
        try
        {
            return [.. Enumerable.Range(0, Seeds).Select(seed => AdaptationRun.Of(recordings, fault, seed, folder.FullName))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The table in Markdown, with the means.</summary>
    public static string Markdown(AdaptationRun[] runs) => string.Join('\n',
    [
        $"| seed | false alarms | drift noticed after | accuracy before % | after % | silent rooms after % | {FineTuneMethod.Skip2Lora.Name} ms | longest answer ms | answers meanwhile |",
        "|---|---|---|---|---|---|---|---|---|",
        .. runs.Select(run => Row($"{run.Seed}", run.FalseAlarms, run.DriftDelay, run.Before, run.After, run.Silent, run.FineTuneMilliseconds, run.AnswerMilliseconds, run.Answers)),
        Row(
            "mean (longest: most)",
            runs.Sum(run => run.FalseAlarms),
            runs.Max(run => run.DriftDelay),
            runs.Average(run => run.Before),
            runs.Average(run => run.After),
            runs.Average(run => run.Silent),
            runs.Average(run => run.FineTuneMilliseconds),
            runs.Max(run => run.AnswerMilliseconds),
            runs.Sum(run => run.Answers)),
    ]);

    private static string Row(string name, int alarms, int delay, double before, double after, double silent, double tuning, double answer, int answers) =>
        $"| {name} | {alarms} | {delay} | {100 * before:F1} | {100 * after:F1} | {100 * silent:F1} | {tuning:F1} | {answer:F1} | {answers} |";
}
