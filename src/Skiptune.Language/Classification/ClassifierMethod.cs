using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>A way to fine-tune a decoder with a new head for classes of texts: a method of the engine over the graphs of <see cref="ClassifierGraph"/>.</summary>
internal abstract class ClassifierMethod(string name, string description, float adamRate) : FineTuneMethod(name, description, adamRate, sgdRate: 10 * adamRate)
{
    /// <summary>True if something of the decoder changes, so that a gradient passes through it; else it makes the pooled states once.</summary>
    public virtual bool ChangesDecoder => false;

    /// <summary>The weights of the decoder that must be constants of the graph.</summary>
    public virtual TrainedWeights Weights => TrainedWeights.None;
}

/// <summary>Trains the head alone.</summary>
internal sealed class ClassifierHead() : ClassifierMethod("ft-last", "the output layer", adamRate: 0.003f)
{
    public override CacheFormat DefaultCache => CacheFormat.Int4;

    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor)
    {
    }
}

/// <summary>Low-rank adapters on every linear layer of the blocks (Hu et al., 2021), and the head.</summary>
internal sealed class ClassifierLora() : ClassifierMethod("lora-all", "low-rank adapters on every linear layer of the blocks, and the output layer", adamRate: 0.003f)
{
    public override bool UsesRank => true;

    public override bool ChangesDecoder => true;

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
    public override bool ChangesDecoder => true;

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

    /// <summary>The name of A over a pooled state, R x d.</summary>
    public static string Down(string state) => $"{state}.skip_A.weight";

    /// <summary>The name of B over a pooled state, classes x R.</summary>
    public static string Up(string state) => $"{state}.skip_B.weight";

    private protected override ImmutableArray<string> TrainedOfHead => withHead ? base.TrainedOfHead : [NewHead.Bias];

    private protected override void Edit(GraphEditor editor)
    {
        int width = editor.ShapeOf(ClassifierGraph.LastState)[-1];
        string[] values =
            [.. ClassifierGraph.Cuts(editor.ShapeOf(ClassifierGraph.States)[-1], width).Select(cut => editor.Has(cut.Name) ? cut.Name : editor.Add(cut.Name, cut.Op, cut.Inputs))];
        int classes = editor.ShapeOf(editor.Scores)[-1];
        string[] downs = [.. values.Select(value => editor.AddParameter(Down(value), new Shape(editor.Options.Rank, width), width))];
        string[] ups = [.. values.Select(value => editor.AddParameter(Up(value), new Shape(classes, editor.Options.Rank), fanIn: 0))];
        editor.AddBehindScores("skip-lora", new LowRankAdapter(values.Length, editor.Options.Factor), scores => [scores, .. values, .. downs, .. ups]);
    }
}
