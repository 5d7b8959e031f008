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

    public override bool CanMerge => false;

    // Not LORA: a loader must not take these matrices for those of the layers they are named after.
    internal override string AdapterType => "SKIPTUNE_SKIP_LORA";

    private protected override void Edit(GraphEditor editor)
    {
        int rank = editor.Options.Rank;
        int classes = editor.ShapeOf(editor.Scores).RowCount;
        editor.Taps = TapSelection.Choose(editor.Layers, editor.ShapeOf, editor.Options.Taps);
        string[] values = [.. editor.Taps.Select(tap => Reduce(editor, tap))];
        string[] downs = [.. editor.Taps.Select(tap => Parameter(editor, tap, "A", new Shape(rank, tap.Reduction.CountOf(editor.ShapeOf(tap.Value).Row()))))];
        string[] ups = [.. editor.Taps.Select(tap => Parameter(editor, tap, "B", new Shape(classes, rank)))];
        LowRankAdapter adapter = new(values.Length, editor.Options.Factor);
        editor.AddBehindScores("skip-lora", adapter, scores => [scores, .. values, .. downs, .. ups]);
    }

    // Reduced before it is kept: the cache row is as small as what the adapters read.
    private static string Reduce(GraphEditor editor, Tap tap) => tap.Reduction == TapReduction.Flatten
        ? tap.Value
        : editor.Add($"{tap.Layer}/tap", tap.Reduction.Op(editor.ShapeOf(tap.Value).Row()), [tap.Value]);

    private static string Parameter(GraphEditor editor, Tap tap, string matrix, Shape shape) =>
        editor.AddParameter($"{tap.Layer}.skip_{matrix}.weight", shape, fanIn: matrix == "A" ? shape[1] : 0);
}
