using System.Diagnostics;
using Skiptune.FineTuning;

namespace Skiptune.Compare.Jobs;

/// <summary>One fine-tuning of the reference task, timed from the options to the trained adapter.</summary>
internal sealed class FineTuneJob(ReferenceTask task, FineTuneOptions options)
{
    private FineTuneResult? _last;

    public double Run()
    {
        long start = Stopwatch.GetTimestamp();
        using FineTuner tuner = task.Model.CreateFineTuner(options);
        _last = tuner.Fit(task.Train);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>The last run's fill, and all but the fill.</summary>
    public IEnumerable<(string Part, double Milliseconds)> Parts() =>
        [("fill", 1000 * _last!.FillSeconds), ("steps", 1000 * _last.StepSeconds)];

    /// <summary>The accuracy after the last run on the test images; null if none succeeded.</summary>
    public double? Accuracy() => _last is null ? null : task.Model.WithAdapter(_last.Adapter).Evaluate(task.Test, threads: 1).Accuracy;
}
