using Skiptune.FineTuning;
using Skiptune.Language.Models;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.FineTuning;

/// <summary>A way to fine-tune a decoder: a method of the engine over the graph of a decoder, whose outputs are sequences.</summary>
internal abstract class DecoderMethod(string name, string description, float adamRate) : FineTuneMethod(name, description, adamRate, sgdRate: 10 * adamRate)
{
    /// <summary>The weights that must be constants of the graph.</summary>
    public virtual TrainedWeights Weights => TrainedWeights.None;

    /// <summary>True if the adapters need the hidden state of the last place alone to give its logits.</summary>
    public virtual bool AllowsLastOnly => true;

    private protected override bool TakesSequences => true;

    private protected static int Blocks(GraphEditor editor) =>
        editor.Layers.Count(layer => layer.Name.EndsWith(".self_attn.q_proj", StringComparison.Ordinal));

    private protected static Node Output(GraphEditor editor) => editor.Layers.Single(layer => layer.Name == DecoderNames.Output);
}

/// <summary>Low-rank adapters on every linear layer of the blocks (Hu et al., 2021), as PEFT's all-linear: the output matrix has none.</summary>
internal sealed class LoraBlocks() : DecoderMethod("lora-all", "low-rank adapters on every linear layer of the blocks", adamRate: 0.002f)
{
    public override bool UsesRank => true;

    internal override string AdapterType => "LORA";

    private protected override void Edit(GraphEditor editor)
    {
        foreach (Node layer in editor.Layers.Where(layer => layer.Name != DecoderNames.Output))
            LoraLayers.AttachDense(editor, layer);
    }
}

/// <summary>Trains the output matrix; one that is tied to the embedding becomes a matrix of its own.</summary>
internal sealed class OutputMatrix() : DecoderMethod("ft-last", "the output matrix", adamRate: 0.01f)
{
    public override TrainedWeights Weights => TrainedWeights.Output;

    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor) => editor.Train([Output(editor).Inputs[1]]);
}

/// <summary>Trains all weights; a tied output stays tied.</summary>
internal sealed class AllWeights() : DecoderMethod("ft-all", "all weights", adamRate: 0.0003f)
{
    public override TrainedWeights Weights => TrainedWeights.All;

    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor) => editor.Train(editor.BaseParameters((_, _) => true));
}

/// <summary>
/// Skip-LoRA over a decoder: target += alpha/R * sum_k B_k A_k tap_k, for every token. Towards the hidden state the adapters
/// pass through the frozen normalisation and output matrix, so that B has width and not vocabulary rows.
/// </summary>
internal sealed class SkipDecoder(string name, CacheFormat cache, DecoderTaps taps, SkipTarget target, bool withOutput)
    : DecoderMethod(Label(name, taps, target, withOutput), "low-rank adapters from the residual stream to the hidden state or the logits", RateOf(taps, withOutput))
{
    public override CacheFormat DefaultCache => cache;

    public override bool RequiresCache => cache != CacheFormat.None;

    public override bool UsesRank => true;

    public override bool CanMerge => false;

    public override TrainedWeights Weights => withOutput ? TrainedWeights.Output : TrainedWeights.None;

    public override bool AllowsLastOnly => target == SkipTarget.Hidden;

    internal override string AdapterType => "SKIPTUNE_SKIP_LORA";

    private protected override void Edit(GraphEditor editor)
    {
        int blocks = Blocks(editor);
        (string Parameter, string Value)[] tapped = [.. TapNames.Of(taps, blocks)];
        string sum = target == SkipTarget.Hidden ? DecoderNames.BlockInput(blocks) : editor.Scores;
        int outputs = editor.ShapeOf(sum)[-1];
        string[] downs = [.. tapped.Select(tap => editor.AddParameter($"{tap.Parameter}.skip_A.weight", new Shape(editor.Options.Rank, Width(tap)), Width(tap)))];
        string[] ups = [.. tapped.Select(tap => editor.AddParameter($"{tap.Parameter}.skip_B.weight", new Shape(outputs, editor.Options.Rank), fanIn: 0))];
        string frozen = editor.TakeOver(sum);
        string[] values = [.. tapped.Select(tap => tap.Value == sum ? frozen : tap.Value)];
        editor.Add("skip-lora", new LowRankAdapter(tapped.Length, editor.Options.Factor), [frozen, .. values, .. downs, .. ups], sum);
        if (withOutput)
            editor.Train([Output(editor).Inputs[1]]);

        int Width((string Parameter, string Value) tap) => editor.ShapeOf(tap.Value)[-1];
    }

    private static string Label(string name, DecoderTaps taps, SkipTarget target, bool withOutput) =>
        $"{name} ({(taps == DecoderTaps.All ? "all taps" : "residual taps")}, to {(target == SkipTarget.Hidden ? "hidden" : "logits")}{(withOutput ? ", with ft-last" : "")})";

    // Chosen on the dev windows of docs/language-models.md.
    private static float RateOf(DecoderTaps taps, bool withOutput) => withOutput ? 0.003f : taps == DecoderTaps.All ? 0.01f : 0.03f;
}
