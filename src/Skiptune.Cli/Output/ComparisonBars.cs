using System.Collections.Immutable;
using Skiptune.Comparison;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>The progress of a comparison as bars, one a row. Drawn only between runs, so that no run is slowed by it.</summary>
internal static class ComparisonBars
{
    public static ComparisonResult Run(ImmutableArray<ComparisonVariant> variants, int seeds, Func<IProgress<ComparisonProgress>, ComparisonResult> compare)
    {
        ComparisonResult? result = null;
        Progress bars = Terminal.On(Console.Out).Progress().AutoRefresh(false).AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn());
        bars.Start(context =>
        {
            ProgressTask[] tasks = [.. variants.Select(variant => context.AddTask(variant.ToString(), maxValue: seeds + 1))];
            context.Refresh();
            result = compare(new SynchronousProgress<ComparisonProgress>(progress =>
            {
                tasks[progress.Row].Increment(1);
                if (progress.Run is { } run)
                    tasks[progress.Row].Description = $"{progress.Variant,-20} {100 * run.Accuracy,5:F1} % {1000 * run.Seconds,8:N1} ms";
                context.Refresh();
            }));
        });
        return result!;
    }
}
