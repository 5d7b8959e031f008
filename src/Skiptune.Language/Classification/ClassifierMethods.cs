using System.Collections.Immutable;
using Skiptune.FineTuning;

namespace Skiptune.Language.Classification;

/// <summary>The ways to fine-tune a decoder for classes of texts.</summary>
public static class ClassifierMethods
{
    /// <summary>The output layer alone.</summary>
    public static FineTuneMethod FtLast { get; } = new ClassifierHead();

    /// <summary>Low-rank adapters on every linear layer of the blocks, and the output layer.</summary>
    public static FineTuneMethod LoraAll { get; } = new ClassifierLora();

    /// <summary>All weights.</summary>
    public static FineTuneMethod FtAll { get; } = new ClassifierWeights();

    /// <summary>The names on the command line.</summary>
    public static ImmutableArray<string> Names { get; } = ["ft-last", "skip2-lora", "skip-lora", "lora-all", "ft-all"];

    /// <summary>Skip2-LoRA: low-rank adapters from the pooled state before every block, and the final one, to the scores, with a forward cache.</summary>
    /// <param name="withFtLast">True to train the output layer too; else only its bias.</param>
    public static FineTuneMethod Skip2Lora(bool withFtLast = false) => new ClassifierSkip("skip2-lora", CacheFormat.Int4, withFtLast);

    /// <summary>Skip-LoRA: the same without a cache.</summary>
    /// <inheritdoc cref="Skip2Lora"/>
    public static FineTuneMethod SkipLora(bool withFtLast = false) => new ClassifierSkip("skip-lora", CacheFormat.None, withFtLast);

    /// <summary>A method by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="withFtLast">True to train the output layer beside skip adapters.</param>
    /// <exception cref="SkiptuneException">There is no such method, or it always trains the output layer.</exception>
    public static FineTuneMethod Parse(string name, bool withFtLast = false) => name switch
    {
        "skip2-lora" => Skip2Lora(withFtLast),
        "skip-lora" => SkipLora(withFtLast),
        _ when !Names.Contains(name) => throw new SkiptuneException($"'{name}' is not a method for classes of texts; choose one of {string.Join(", ", Names)}"),
        _ when withFtLast => throw new SkiptuneException($"ft-last beside another method goes with skip2-lora or skip-lora; {name} trains the output layer anyway"),
        "ft-last" => FtLast,
        "lora-all" => LoraAll,
        _ => FtAll,
    };
}
