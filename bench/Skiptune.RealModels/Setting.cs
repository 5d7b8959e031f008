using System.Globalization;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.RealModels;

/// <summary>How one row of a table is made: Adam with the cosine schedule, batches of 20, and what stands here.</summary>
/// <param name="Method">The method.</param>
/// <param name="LearningRate">The step size.</param>
/// <param name="Epochs">Passes over the training samples.</param>
/// <param name="Rank">The rank of adapters.</param>
/// <param name="Taps">What skip methods tap; empty for the default.</param>
internal sealed record Setting(FineTuneMethod Method, float LearningRate, int Epochs, int Rank = 4, string Taps = "")
{
    /// <summary>
    /// A new head as ridge regression leaves it: FineTuner has no run without a step, so the steps are too small to change
    /// any prediction.
    /// </summary>
    public static Setting HeadAlone { get; } = new(FineTuneMethod.FtLast, 1e-12f, 1) { Label = "ridge head alone" };

    /// <summary>The row's name; default the method's.</summary>
    public string Label { get; init; } = Method.Name;

    /// <summary>The options of a run.</summary>
    public FineTuneOptions Options(int? classes, long seed) => new()
    {
        Method = Method,
        Optimizer = new Adam { LearningRate = LearningRate },
        Epochs = Epochs,
        Rank = Rank,
        Taps = Taps.Length == 0 ? [] : TapRule.Parse(Taps),
        Classes = classes,
        // What does not change is computed once; exactly, unless the method itself is about a smaller cache.
        Cache = Method == FineTuneMethod.FtLast ? CacheFormat.Float32 : null,
        Seed = seed,
    };

    /// <summary>The options in words of the command line.</summary>
    public override string ToString() => this == HeadAlone
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"--learning-rate {LearningRate} --epochs {Epochs}{(Method.UsesRank && Rank != 4 ? $" --rank {Rank}" : "")}{(Taps.Length > 0 ? $" --taps \"{Taps}\"" : "")}");
}
