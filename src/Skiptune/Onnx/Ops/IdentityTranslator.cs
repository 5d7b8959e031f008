namespace Skiptune.Onnx;

/// <summary>Identity: another name for a value or a constant.</summary>
internal static class IdentityTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        node.PassThrough(0);
    }
}
