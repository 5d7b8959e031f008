namespace Skiptune.FineTuning;

/// <summary>Trains every bias.</summary>
internal sealed class FtBias() : FineTuneMethod("ft-bias", "all biases", adamRate: 0.1f, sgdRate: 0.5f)
{
    internal override string AdapterType => "SKIPTUNE_WEIGHTS";

    private protected override void Edit(GraphEditor editor)
    {
        editor.Train(editor.BaseParameters((node, position) => position == node.Op.BiasInput));
        if (editor.Build().Trained.IsEmpty)
            throw new SkiptuneException("the model has no biases to train; choose another method");
    }
}
