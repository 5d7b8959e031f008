using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;

namespace Skiptune.Language.Comparison;

/// <summary>A row of a comparison of classifiers: a method with its settings.</summary>
/// <param name="Name">For people.</param>
/// <param name="Settings">What the classifier is; null for n-grams without a language model.</param>
/// <param name="Rank">The rank of low-rank adapters.</param>
/// <param name="LearningRate">Adam's at the first step, or AdaGrad's for n-grams.</param>
/// <param name="Epochs">Passes over the texts.</param>
public sealed record ClassifierVariant(string Name, ClassifierSettings? Settings, int Rank, float LearningRate, int Epochs)
{
    private static readonly ClassifierSettings Last = new() { Name = "ft-last", Head = HeadStates.Last };

    private static readonly ClassifierSettings Skip = Last with { Name = "skip2-lora" };

    /// <summary>
    /// The rows. Learning rates and epochs are those with which a fifth of 2,000 training texts of Banking77, held back, was
    /// recognised best (<see cref="ClassifierComparison.Choose"/>); its test texts had no part in it.
    /// </summary>
    public static ImmutableArray<ClassifierVariant> Reference { get; } =
    [
        new("ft-last", Last, 8, 0.03f, 10),
        new("all states linear", Last with { Head = HeadStates.All }, 8, 0.003f, 100),
        new("skip R4", Skip, 4, 0.01f, 10),
        new("skip R8", Skip, 8, 0.03f, 10),
        new("skip R16", Skip, 16, 0.01f, 10),
        new("skip R32", Skip, 32, 0.01f, 10),
        new("skip R8 + ft-last", Skip with { WithFtLast = true }, 8, 0.01f, 10),
        new("lora-all R8", Last with { Name = "lora-all" }, 8, 0.01f, 10),
        new("hashed 2-4-grams, linear", null, 8, 0.03f, 30),
    ];

    /// <summary>True if a forward cache spares the base's passes.</summary>
    public bool CanCache => Settings is { Name: "ft-last" or "skip2-lora" };

    /// <summary>The learning rates that <see cref="ClassifierComparison.Choose"/> tries.</summary>
    public ImmutableArray<float> Rates => Settings is null || CanCache ? [0.001f, 0.003f, 0.01f, 0.03f, 0.1f] : [0.001f, 0.003f, 0.01f];

    /// <summary>The epochs that it tries.</summary>
    public ImmutableArray<int> EpochCounts => CanCache ? [10, 30, 100, 300] : Settings is null ? [10, 30] : [10];

    /// <summary>The options of a run.</summary>
    /// <param name="cache">The cache's format; none where it is of no use.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    public FineTuneOptions Options(CacheFormat cache, long seed, int threads) => new()
    {
        Rank = Rank,
        Optimizer = new Networks.Adam { LearningRate = LearningRate },
        Cache = CanCache ? cache : CacheFormat.None,
        Epochs = Epochs,
        Seed = seed,
        Threads = threads,
    };
}
