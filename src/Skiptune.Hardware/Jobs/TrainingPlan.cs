using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Jobs;

/// <summary>Which samples make which step, in the order of the run, as the float engine would choose them.</summary>
internal static class TrainingPlan
{
    /// <summary>All steps. The same order, batches and schedule as <see cref="FineTuner"/> takes with the same options.</summary>
    /// <param name="options">Epochs, batch size, tail, schedule, seed; the rate of the optimizer.</param>
    /// <param name="samples">Samples of the job.</param>
    /// <param name="learningRate">The rate before the schedule.</param>
    /// <exception cref="SkiptuneException">The rate of a step is too large for its format.</exception>
    public static TrainingStep[] Steps(FineTuneOptions options, int samples, float learningRate)
    {
        ImmutableArray<int> batches = BatchPlan.Cut(samples, options.BatchSize, options.Tail);
        int total = batches.Length * options.Epochs;
        List<TrainingStep> steps = [];
        for (int epoch = 0; epoch < options.Epochs; epoch++)
        {
            int[] order = [.. Enumerable.Range(0, samples)];
            new SeededRandom(options.Seed, RandomStreams.Order + epoch).Shuffle(order.AsSpan());
            int first = 0;
            foreach (int size in batches)
            {
                steps.Add(new TrainingStep(order[first..(first + size)], Rate(learningRate * options.Schedule.Factor(steps.Count, total), size)));
                first += size;
            }
        }
        return [.. steps];
    }

    private static int Rate(double learningRate, int batch)
    {
        double rate = Math.Floor(learningRate / batch * (1 << Formats.RateFraction) + 0.5);
        return rate < 1 << Formats.RateBits
            ? (int)rate
            : throw new SkiptuneException($"a learning rate of {learningRate} over a batch of {batch} is more than 0.25 a sample, the most the accelerator has; use a smaller rate or a larger batch");
    }
}
