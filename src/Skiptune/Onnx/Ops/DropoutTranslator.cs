namespace Skiptune.Onnx;

/// <summary>Dropout, which does nothing at inference.</summary>
internal static class DropoutTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 3);
        // Both matter in training alone.
        node.Attributes.Float("ratio", 0.5f, 0, 1);
        node.Attributes.Int("seed", 0, int.MinValue, int.MaxValue);
        if (node.HasInput(2) && node.Flag(2))
            throw new SkiptuneException("it is in training mode; export the model for inference");
        node.PassThrough(0);
    }
}
