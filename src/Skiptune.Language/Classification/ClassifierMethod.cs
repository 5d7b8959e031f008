using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>A way to fine-tune a decoder with a new head for classes of texts: a method of the engine over <see cref="ClassifierGraph"/>.</summary>
internal abstract class ClassifierMethod(string name, string description, float adamRate) : FineTuneMethod(name, description, adamRate, sgdRate: 10 * adamRate)
{
    /// <summary>The weights of the decoder that must be constants of the graph.</summary>
    public virtual TrainedWeights Weights => TrainedWeights.None;
}

/// <summary>Trains the head alone.</summary>
internal sealed class ClassifierHead() : ClassifierMethod("ft-last", "the output layer", adamRate: 0.01f)
{
    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor)
    {
    }
}

/// <summary>Low-rank adapters on every linear layer of the blocks (Hu et al., 2021), and the head.</summary>
internal sealed class ClassifierLora() : ClassifierMethod("lora-all", "low-rank adapters on every linear layer of the blocks, and the output layer", adamRate: 0.002f)
{
    public override bool UsesRank => true;

    internal override string AdapterType => "LORA";

    private protected override void Edit(GraphEditor editor)
    {
        foreach (Node layer in editor.Layers.Where(layer => layer.Name != NewHead.Name))
            LoraLayers.AttachDense(editor, layer);
    }
}

/// <summary>Trains all weights and the head.</summary>
internal sealed class ClassifierWeights() : ClassifierMethod("ft-all", "all weights", adamRate: 0.0003f)
{
    public override TrainedWeights Weights => TrainedWeights.All;

    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor) => editor.Train(editor.BaseParameters((_, _) => true));
}

/// <summary>Skip-LoRA on pooled states: scores = bias + alpha/R * sum_k B_k A_k pooled_k, or beside a trained head.</summary>
internal sealed class ClassifierSkip(string name, CacheFormat cache, bool withHead)
    : ClassifierMethod(withHead ? $"{name} (with ft-last)" : name, "low-rank adapters from every pooled state to the scores", adamRate: 0.01f)
{
    public override CacheFormat DefaultCache => cache;

    public override bool RequiresCache => cache != CacheFormat.None;

    public override bool UsesRank => true;

    public override bool CanMerge => false;

    internal override string AdapterType => "SKIPTUNE_SKIP_LORA";

    private protected override ImmutableArray<string> TrainedOfHead => withHead ? base.TrainedOfHead : [NewHead.Bias];

    private protected override void Edit(GraphEditor editor)
    {
        string[] states = [.. ClassifierGraph.States(editor.Layers.Count(layer => layer.Name.EndsWith(".self_attn.q_proj", StringComparison.Ordinal)))];
        string[] values = [.. states.Select(ClassifierGraph.PooledName)];
        int classes = editor.ShapeOf(editor.Scores)[-1];
        string[] downs = [.. values.Select(value => editor.AddParameter($"{value}.skip_A.weight", new Shape(editor.Options.Rank, Width(value)), Width(value)))];
        string[] ups = [.. values.Select(value => editor.AddParameter($"{value}.skip_B.weight", new Shape(classes, editor.Options.Rank), fanIn: 0))];
        editor.AddBehindScores("skip-lora", new LowRankAdapter(values.Length, editor.Options.Factor), scores => [scores, .. values, .. downs, .. ups]);

        int Width(string value) => editor.ShapeOf(value)[-1];
    }
}
