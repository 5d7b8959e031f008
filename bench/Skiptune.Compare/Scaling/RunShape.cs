using System.Globalization;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Compare.Scaling;

/// <summary>A run of Skip2-LoRA on the reference network; what is left out is as in the reference task.</summary>
internal sealed record RunShape(string Cache, int Samples, int Rank = 4, int Batch = 20, int Epochs = 10, int Taps = 5, int Threads = 1)
{
    private static readonly string[] Layers = ["dense3", "dense2", "dense1", "conv2", "conv1"];

    /// <summary>The shape as words, for another process.</summary>
    public IEnumerable<string> ToArguments() => [Cache, .. ((int[])[Samples, Rank, Batch, Epochs, Taps, Threads]).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    public static RunShape FromArguments(string[] words)
    {
        int[] numbers = [.. words[1..7].Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        return new RunShape(words[0], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }

    public FineTuneOptions Options() => new()
    {
        Method = FineTuneMethod.Skip2Lora,
        Rank = Rank,
        Epochs = Epochs,
        BatchSize = Batch,
        Optimizer = new Sgd { LearningRate = Jobs.ReferenceTask.Rate / MathF.Max(1, Rank / 4f) },
        Schedule = Schedule.Constant,
        Taps = [.. Layers.Take(Taps).Select(layer => new TapRule(layer))],
        Cache = CacheFormat.Parse(Cache),
        Threads = Threads,
    };
}
