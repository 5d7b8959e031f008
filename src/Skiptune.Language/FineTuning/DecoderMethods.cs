using System.Collections.Immutable;
using Skiptune.FineTuning;

namespace Skiptune.Language.FineTuning;

/// <summary>The ways to fine-tune a decoder.</summary>
public static class DecoderMethods
{
    /// <summary>Low-rank adapters on every linear layer of the blocks.</summary>
    public static FineTuneMethod LoraAll { get; } = new LoraBlocks();

    /// <summary>The output matrix.</summary>
    public static FineTuneMethod FtLast { get; } = new OutputMatrix();

    /// <summary>All weights.</summary>
    public static FineTuneMethod FtAll { get; } = new AllWeights();

    /// <summary>The names on the command line.</summary>
    public static ImmutableArray<string> Names { get; } = ["skip2-lora", "skip-lora", "lora-all", "ft-last", "ft-all"];

    /// <summary>Skip2-LoRA, with a forward cache.</summary>
    /// <param name="taps">What the adapters read.</param>
    /// <param name="target">Where they add.</param>
    /// <param name="withFtLast">True to train the output matrix too.</param>
    public static FineTuneMethod Skip2Lora(DecoderTaps taps = DecoderTaps.Residual, SkipTarget target = SkipTarget.Hidden, bool withFtLast = false) =>
        new SkipDecoder("skip2-lora", CacheFormat.Int4, taps, target, withFtLast);

    /// <summary>Skip-LoRA: the same without a cache.</summary>
    /// <inheritdoc cref="Skip2Lora"/>
    public static FineTuneMethod SkipLora(DecoderTaps taps = DecoderTaps.Residual, SkipTarget target = SkipTarget.Hidden, bool withFtLast = false) =>
        new SkipDecoder("skip-lora", CacheFormat.None, taps, target, withFtLast);

    /// <summary>A method by its name and settings.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="taps">What skip adapters read.</param>
    /// <param name="target">Where skip adapters add.</param>
    /// <param name="withFtLast">True to train the output matrix beside skip adapters.</param>
    /// <exception cref="SkiptuneException">There is no such method.</exception>
    public static FineTuneMethod Parse(string name, DecoderTaps taps, SkipTarget target, bool withFtLast) => name switch
    {
        "skip2-lora" => Skip2Lora(taps, target, withFtLast),
        "skip-lora" => SkipLora(taps, target, withFtLast),
        "lora-all" => LoraAll,
        "ft-last" => FtLast,
        "ft-all" => FtAll,
        _ => throw new SkiptuneException($"'{name}' is not a method for language models; choose one of {string.Join(", ", Names)}"),
    };
}
