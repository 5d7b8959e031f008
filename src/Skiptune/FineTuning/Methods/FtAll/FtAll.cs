namespace Skiptune.FineTuning;

/// <summary>Trains every weight and bias.</summary>
internal sealed class FtAll() : FineTuneMethod("ft-all", "all weights and biases", adamRate: 0.005f, sgdRate: 0.1f)
{
    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor)
    {
        editor.Train(editor.BaseParameters((_, _) => true));
        editor.TrainBatchNormalization();
    }
}
