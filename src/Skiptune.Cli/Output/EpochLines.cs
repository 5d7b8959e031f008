using Skiptune.FineTuning;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>The progress of a training: a bar on a terminal, elsewhere a line after each epoch.</summary>
internal static class EpochLines
{
    /// <summary>Runs a training and shows its progress.</summary>
    /// <param name="text">For people.</param>
    /// <param name="epochs">The epochs it will have.</param>
    /// <param name="fit">The training.</param>
    public static FineTuneResult Run(TextWriter text, int epochs, Func<IProgress<FineTuneProgress>, FineTuneResult> fit)
    {
        if (!Terminal.IsLive || text != Console.Out)
            return fit(new SynchronousProgress<FineTuneProgress>(progress => text.WriteLine(Line(progress))));
        FineTuneProgress? last = null;
        FineTuneResult result = AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask("preparing", maxValue: epochs);
                return fit(new SynchronousProgress<FineTuneProgress>(progress =>
                {
                    last = progress;
                    task.Description = Markup.Escape(Line(progress));
                    task.Value = progress.Epoch;
                }));
            });
        if (last is not null)
            text.WriteLine(Line(last));
        return result;
    }

    private static string Line(FineTuneProgress progress)
    {
        int digits = progress.Epochs.ToString().Length;
        string line = $"epoch {progress.Epoch.ToString().PadLeft(digits)}/{progress.Epochs}  loss {progress.Loss:F4}  {progress.Seconds,8:F3} s";
        if (progress.Validation is not { } validation)
            return line;
        return line + (double.IsNaN(validation.Accuracy) ? $"  validation error {validation.Loss:G5}" : $"  validation accuracy {100 * validation.Accuracy:F2} %, loss {validation.Loss:F4}");
    }
}
