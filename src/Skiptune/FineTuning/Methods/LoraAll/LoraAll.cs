namespace Skiptune.FineTuning;

/// <summary>Trains a low-rank adapter on every layer.</summary>
internal sealed class LoraAll() : FineTuneMethod("lora-all", "low-rank adapters on every layer", adamRate: 0.02f, sgdRate: 0.2f)
{
    public override bool UsesRank => true;

    internal override string AdapterType => "LORA";

    private protected override void Edit(GraphEditor editor)
    {
        foreach (Networks.Node layer in editor.Layers)
            LoraLayers.Attach(editor, layer, this);
    }
}
