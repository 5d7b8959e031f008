using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Compare.Scaling;

/// <summary>A run of Skip2-LoRA on the reference network; what is left out is as in the reference task.</summary>
internal sealed record RunShape(string Cache, int Samples, int Rank = 4, int Batch = 20, int Epochs = 10, int Taps = 5, int Threads = 1)
{
    private static readonly string[] Layers = ["dense3", "dense2", "dense1", "conv2", "conv1"];

    public FineTuneOptions Options() => Options(Epochs, Threads);

    public FineTuneOptions Options(int epochs, int threads) => new()
    {
        Method = FineTuneMethod.Skip2Lora,
        Rank = Rank,
        Epochs = epochs,
        BatchSize = Batch,
        Optimizer = new Sgd { LearningRate = Jobs.ReferenceTask.Rate / MathF.Max(1, Rank / 4f) },
        Schedule = Schedule.Constant,
        Taps = [.. Layers.Take(Taps).Select(layer => new TapRule(layer))],
        Cache = CacheFormat.Parse(Cache),
        Threads = threads,
    };
}
