using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;

namespace Skiptune.Comparison;

/// <summary>Fine-tunes one model in several ways with the same data and the same seeds, and measures each.</summary>
public static class MethodComparison
{
    /// <summary>Runs the comparison.</summary>
    /// <param name="model">The base model.</param>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="test">The samples to measure accuracy on.</param>
    /// <param name="options">What to compare; null for the defaults.</param>
    /// <param name="progress">Told on the calling thread, never while a run is timed.</param>
    /// <param name="cancellationToken">Ends the comparison with an exception.</param>
    /// <exception cref="SkiptuneException">An option is out of range, or the data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ComparisonResult Run(
        Model model,
        DataSet train,
        DataSet test,
        ComparisonOptions? options = null,
        IProgress<ComparisonProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ComparisonOptions();
        options.Check();
        List<ComparisonRow> rows = [MeasureBase(model, train, test, options, cancellationToken)];
        for (int row = 0; row < options.Variants.Length; row++)
        {
            WarmUp(model, train, options, options.Variants[row], cancellationToken);
            progress?.Report(new ComparisonProgress(options.Variants[row], row, 0, options.Seeds, null));
        }

        // Seeds outside, rows inside: whatever else the machine does for a while touches all rows alike.
        List<Measured>[] measured = [.. options.Variants.Select(_ => new List<Measured>())];
        for (int seed = 0; seed < options.Seeds; seed++)
        {
            for (int row = 0; row < options.Variants.Length; row++)
            {
                ComparisonVariant variant = options.Variants[row];
                measured[row].Add(Measure(model, train, test, options.For(variant, seed), cancellationToken));
                progress?.Report(new ComparisonProgress(variant, row, seed + 1, options.Seeds, measured[row][^1].Run));
            }
        }
        rows.AddRange(options.Variants.Zip(measured, RowOf));
        FineTunePlan plan = measured[0][0].Plan;
        return new ComparisonResult { Rows = [.. rows], Seeds = options.Seeds, Kernels = plan.Kernels, Threads = plan.Threads };
    }

    private static ComparisonRow MeasureBase(
        Model model, DataSet train, DataSet test, ComparisonOptions options, CancellationToken cancellationToken)
    {
        int threads = options.FineTuning.Threads;
        double loss = model.Evaluate(train, threads, cancellationToken).Loss;
        double accuracy = model.Evaluate(test, threads, cancellationToken).Accuracy;
        return new ComparisonRow
        {
            Method = ComparisonRow.BaseName,
            Cache = CacheFormat.None.Name,
            Runs = [new ComparisonRun(accuracy, 0, 0, loss)],
            CacheBytes = 0,
            TrainableParameters = 0,
        };
    }

    private static void WarmUp(
        Model model, DataSet train, ComparisonOptions options, ComparisonVariant variant, CancellationToken cancellationToken)
    {
        if (options.WarmUpSteps == 0)
            return;
        FineTuneOptions fineTuning = options.For(variant, 0);
        int batches = Math.Max(1, Math.Min(10, train.Count / fineTuning.BatchSize));
        int epochs = (options.WarmUpSteps + batches - 1) / batches;
        DataSet some = train.Take((int)Math.Min(train.Count, (long)batches * fineTuning.BatchSize));
        using FineTuner tuner = model.CreateFineTuner(fineTuning with { Epochs = epochs });
        tuner.Fit(some, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static Measured Measure(
        Model model, DataSet train, DataSet test, FineTuneOptions options, CancellationToken cancellationToken)
    {
        using FineTuner tuner = model.CreateFineTuner(options);
        FineTuneResult result = tuner.Fit(train, cancellationToken: cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        double accuracy = model.WithAdapter(result.Adapter).Evaluate(test, options.Threads, cancellationToken).Accuracy;
        double fill = result.CacheBytes > 0 ? result.FillSeconds : 0;
        return new Measured(new ComparisonRun(accuracy, result.Seconds, fill, result.FinalLoss), tuner.Plan, result.CacheBytes);
    }

    private static ComparisonRow RowOf(ComparisonVariant variant, List<Measured> measured) => new()
    {
        Method = variant.Method.Name,
        Cache = measured[0].Plan.Cache,
        Runs = [.. measured.Select(one => one.Run)],
        CacheBytes = measured[0].CacheBytes,
        TrainableParameters = measured[0].Plan.TrainableParameters,
    };

    private sealed record Measured(ComparisonRun Run, FineTunePlan Plan, long CacheBytes);
}
