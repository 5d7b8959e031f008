namespace Skiptune.FineTuning;

/// <summary>Trains everything, and a low-rank adapter on every layer.</summary>
internal sealed class FtAllLora() : FineTuneMethod("ft-all-lora", "all weights and biases, and lora-all", adamRate: 0.005f, sgdRate: 0.1f)
{
    public override bool UsesRank => true;

    internal override string AdapterType => "SKIPTUNE_WEIGHTS_LORA";

    private protected override void Edit(GraphEditor editor)
    {
        foreach (Networks.Node layer in editor.Layers)
            LoraLayers.Attach(editor, layer, this);
        editor.Train(editor.BaseParameters((_, _) => true));
        editor.TrainBatchNormalization();
    }
}
