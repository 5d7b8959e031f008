namespace Skiptune.FineTuning;

/// <summary>Trains the last layer's weight and bias.</summary>
internal sealed class FtLast() : FineTuneMethod("ft-last", "the last layer's weight and bias", adamRate: 0.1f, sgdRate: 0.5f)
{
    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor) =>
        editor.Train(editor.BaseParameters((node, _) => node.Name == editor.Layers[^1].Name));
}
