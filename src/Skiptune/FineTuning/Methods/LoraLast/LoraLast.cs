namespace Skiptune.FineTuning;

/// <summary>Trains a low-rank adapter on the last layer.</summary>
internal sealed class LoraLast() : FineTuneMethod("lora-last", "a low-rank adapter on the last layer", adamRate: 0.2f, sgdRate: 0.1f)
{
    public override bool UsesRank => true;

    internal override string AdapterType => "LORA";

    private protected override void Edit(GraphEditor editor) => LoraLayers.Attach(editor, editor.Layers[^1], this);
}
