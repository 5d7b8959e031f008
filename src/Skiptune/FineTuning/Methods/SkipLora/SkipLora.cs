using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Skip-LoRA (Matsutani et al., ASP-DAC 2025): y = base + alpha/R * sum_k B_k A_k x_k over the inputs x_k of all
/// layers. No gradient passes through the base, so its results can be cached: Skip2-LoRA is the same with a cache.
/// </summary>
internal sealed class SkipLora(string name, string description, CacheFormat cache) : FineTuneMethod(name, description, adamRate: 0.01f, sgdRate: 0.1f)
{
    public override bool UsesRank => true;

    public override CacheFormat DefaultCache => cache;

    public override bool RequiresCache => cache != CacheFormat.None;

    // Not LORA: a loader must not take these matrices for those of the layers they are named after.
    internal override string AdapterType => "SKIPTUNE_SKIP_LORA";

    private protected override void Edit(GraphEditor editor)
    {
        int rank = editor.Options.Rank;
        int classes = editor.ShapeOf(editor.Output).RowCount;
        string[] taps = [.. editor.Layers.Select(layer => layer.Inputs[0])];
        string[] downs =
        [
            .. editor.Layers.Select(layer => Parameter(editor, layer, "A", new Shape(rank, editor.ShapeOf(layer.Inputs[0]).RowCount))),
        ];
        string[] ups = [.. editor.Layers.Select(layer => Parameter(editor, layer, "B", new Shape(classes, rank)))];
        editor.Add("skip-lora", new LowRankAdapter(taps.Length, editor.Options.Factor), [editor.TakeOver(editor.Output), .. taps, .. downs, .. ups], editor.Output);
    }

    private static string Parameter(GraphEditor editor, Node layer, string matrix, Shape shape) =>
        editor.AddParameter($"{layer.Name}.skip_{matrix}.weight", shape, fanIn: matrix == "A" ? shape[1] : 0);
}
