using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Language.FineTuning;

namespace Skiptune.Language.Comparison;

/// <summary>A row of a comparison: a method with its settings.</summary>
/// <param name="Name">For people.</param>
/// <param name="Settings">The method.</param>
/// <param name="Rank">The rank of low-rank adapters.</param>
/// <param name="LearningRate">Adam's, at the first step.</param>
public sealed record DecoderVariant(string Name, DecoderMethodSettings Settings, int Rank, float LearningRate)
{
    private const string Skip2Lora = "skip2-lora";

    /// <summary>The rows of the reference, with the learning rates chosen there on text apart from both training and validation.</summary>
    public static ImmutableArray<DecoderVariant> Reference { get; } =
    [
        new("ft-last", new("ft-last"), 8, 0.01f),
        new("lora-all R8", new("lora-all"), 8, 0.002f),
        new("ft-all", new("ft-all"), 8, 0.0003f),
        new("skip to logits R8", new(Skip2Lora, Target: SkipTarget.Logits), 8, 0.03f),
        new("skip to hidden R4", new(Skip2Lora), 4, 0.03f),
        new("skip to hidden R8", new(Skip2Lora), 8, 0.03f),
        new("skip to hidden R16", new(Skip2Lora), 16, 0.03f),
        new("skip to hidden, all taps R8", new(Skip2Lora, DecoderTaps.All), 8, 0.01f),
        new("the same + ft-last", new(Skip2Lora, DecoderTaps.All, WithFtLast: true), 8, 0.003f),
    ];

    /// <summary>True if the trained part lies behind the frozen one, so that a forward cache spares it.</summary>
    public bool CanCache => Settings.Name is "ft-last" or Skip2Lora;

    /// <summary>The options of a run.</summary>
    /// <param name="cache">The cache's format; none where it is of no use.</param>
    /// <param name="epochs">Passes over the sequences.</param>
    /// <param name="batch">Sequences a step.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="threads">Threads, 0 for one a processor.</param>
    public FineTuneOptions Options(CacheFormat cache, int epochs, int batch, long seed, int threads) => new()
    {
        Method = Settings.Method,
        Rank = Rank,
        Optimizer = new Networks.Adam { LearningRate = LearningRate },
        Cache = CanCache ? cache : CacheFormat.None,
        Epochs = epochs,
        BatchSize = batch,
        Seed = seed,
        Threads = threads,
    };
}

/// <summary>What came of a row.</summary>
/// <param name="Variant">The row.</param>
/// <param name="Cache">The cache's format.</param>
/// <param name="Result">The fine-tuning.</param>
/// <param name="Validation">Nats per token on the validation sequences.</param>
/// <param name="Retention">Nats per token on the text that should not get worse; null without one.</param>
public sealed record DecoderComparisonRow(DecoderVariant Variant, CacheFormat Cache, FineTuneResult Result, double Validation, double? Retention);
