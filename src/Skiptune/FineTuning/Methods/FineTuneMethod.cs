using System.Collections.Immutable;
using Skiptune.Networks;

namespace Skiptune.FineTuning;

/// <summary>A way to fine-tune: what is added to the base network and what of it is trained.</summary>
public abstract class FineTuneMethod
{
    private readonly float _adamRate;
    private readonly float _sgdRate;

    private protected FineTuneMethod(string name, string description, float adamRate, float sgdRate)
    {
        Name = name;
        Description = description;
        _adamRate = adamRate;
        _sgdRate = sgdRate;
    }

    /// <summary>All weights and biases.</summary>
    public static FineTuneMethod FtAll { get; } = new FtAll();

    /// <summary>All biases (BitFit: Ben Zaken et al., 2022).</summary>
    public static FineTuneMethod FtBias { get; } = new FtBias();

    /// <summary>The last layer's weight and bias (TinyOL: Ren et al., 2021).</summary>
    public static FineTuneMethod FtLast { get; } = new FtLast();

    /// <summary>Low-rank adapters on every layer (LoRA: Hu et al., 2021).</summary>
    public static FineTuneMethod LoraAll { get; } = new LoraAll();

    /// <summary>A low-rank adapter on the last layer.</summary>
    public static FineTuneMethod LoraLast { get; } = new LoraLast();

    /// <summary>Everything, and low-rank adapters on every layer.</summary>
    public static FineTuneMethod FtAllLora { get; } = new FtAllLora();

    /// <summary>Low-rank adapters from every layer's input to the output (Skip-LoRA: Matsutani et al., 2025).</summary>
    public static FineTuneMethod SkipLora { get; } = new SkipLora(
        "skip-lora", "low-rank adapters from every layer's input straight to the output", CacheFormat.None);

    /// <summary>Skip-LoRA with a forward cache, in 4 bits unless said otherwise (Skip2-LoRA).</summary>
    public static FineTuneMethod Skip2Lora { get; } = new SkipLora(
        "skip2-lora", "skip-lora with a forward cache", CacheFormat.Int4);

    /// <summary>All methods.</summary>
    public static ImmutableArray<FineTuneMethod> All { get; } = [FtAll, FtBias, FtLast, LoraAll, LoraLast, FtAllLora, SkipLora, Skip2Lora];

    /// <summary>The name on the command line and in adapter files.</summary>
    public string Name { get; }

    /// <summary>What is trained, in a few words.</summary>
    public string Description { get; }

    /// <summary>
    /// The learning rate used with an optimizer that names none; chosen for each method on a split of Fashion-MNIST's
    /// training images (docs/learning-rates.md).
    /// </summary>
    /// <param name="optimizer">The optimizer; momentum m makes a step 1/(1-m) times as long, so its rate is as much smaller.</param>
    public float DefaultLearningRate(Optimizer optimizer) => optimizer is Sgd sgd ? _sgdRate * (1 - sgd.Momentum) : _adamRate;

    /// <summary>The cache used unless another is given.</summary>
    public virtual CacheFormat DefaultCache => CacheFormat.None;

    /// <summary>True if the method is defined by its cache, so that none is an error.</summary>
    public virtual bool RequiresCache => false;

    /// <summary>True if the rank and alpha of low-rank adapters matter.</summary>
    public virtual bool UsesRank => false;

    /// <summary>True if what it trains can be taken into the base's weights, so that the tuned model has the base's nodes.</summary>
    public virtual bool CanMerge => true;

    /// <summary>True if the network may have a vector of scores for each place of a sequence.</summary>
    private protected virtual bool TakesSequences => false;

    /// <summary>What is trained of a new head: all of it, as it knows nothing yet, unless the method's adapters stand for its weight, which then stays zero.</summary>
    private protected virtual ImmutableArray<string> TrainedOfHead => [NewHead.Weight, NewHead.Bias];

    /// <summary>What marks the adapter files of the method: LORA where they follow PEFT's layout, else a name of our own.</summary>
    internal abstract string AdapterType { get; }

    /// <summary>Finds a method by name.</summary>
    /// <param name="name">Such as skip2-lora.</param>
    /// <exception cref="SkiptuneException">There is no such method.</exception>
    public static FineTuneMethod Parse(string name) =>
        All.FirstOrDefault(method => method.Name == name)
        ?? throw new SkiptuneException($"'{name}' is not a method; choose one of {string.Join(", ", All)}");

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Makes the method's network from a base network.</summary>
    internal AdaptedGraph Adapt(Graph graph, AdapterOptions options)
    {
        OutputLayer layer = OutputLayer.Find(graph, options.Output);
        if (options.Classes is { } classes)
            (graph, layer) = NewHead.Attach(graph, layer, classes);
        if (!TakesSequences)
            layer.CheckVector();
        GraphEditor editor = new(graph, layer, options);
        Edit(editor);
        if (options.Classes is not null)
            editor.Train(TrainedOfHead);
        return editor.Build();
    }

    private protected abstract void Edit(GraphEditor editor);
}
