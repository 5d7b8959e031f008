using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.RealModels.Report;

namespace Skiptune.RealModels;

/// <summary>Fine-tunes a model with one setting over seeds, and measures each result.</summary>
internal static class Tuning
{
    /// <summary>Runs the seeds 0, 1, ...</summary>
    /// <param name="model">The base.</param>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="measure">Gives the figure of a tuned model.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="classes">The classes of a new head, or null.</param>
    public static Row Run(Model model, DataSet train, Func<Model, double> measure, Setting setting, int seeds, int? classes = null)
    {
        List<double> figures = [];
        List<double> seconds = [];
        FineTuneResult? result = null;
        for (int seed = 0; seed < seeds; seed++)
        {
            using FineTuner tuner = model.CreateFineTuner(setting.Options(classes, seed));
            result = tuner.Fit(train);
            seconds.Add(result.Seconds);
            figures.Add(measure(model.WithAdapter(result.Adapter)));
        }
        Row row = new(setting.Label, $"{setting}", [.. figures])
        {
            Seconds = seconds.Order().ElementAt(seeds / 2),
            Parameters = result!.TrainableParameters,
            CacheBytes = result.CacheBytes,
        };
        Console.WriteLine($"  {row.Label,-18} {row.Mean,8:F3} ± {row.Deviation:F3}  {row.Seconds,7:F1} s a run  {setting}");
        return row;
    }

    /// <summary>The accuracy on data in per cent.</summary>
    public static Func<Model, double> AccuracyOn(DataSet data) => model => 100 * model.Evaluate(data).Accuracy;

    /// <summary>The mean squared error on data.</summary>
    public static Func<Model, double> ErrorOn(DataSet data) => model => model.Evaluate(data).Loss;

    /// <summary>Tries settings, and says which does best.</summary>
    /// <returns>The best one.</returns>
    public static Setting Best(Model model, DataSet train, Func<Model, double> measure, IEnumerable<Setting> settings, int seeds, int? classes = null, bool smallest = false)
    {
        Row[] rows = [.. settings.Select(setting => Run(model, train, measure, setting with { Label = setting.Method.Name }, seeds, classes))];
        int best = Array.IndexOf(rows, smallest ? rows.MinBy(row => row.Mean) : rows.MaxBy(row => row.Mean));
        Console.WriteLine($"  best: {rows[best].Label} {rows[best].Setting}");
        return settings.ElementAt(best);
    }
}
