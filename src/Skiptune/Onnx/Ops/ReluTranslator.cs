using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Relu.</summary>
internal static class ReluTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        node.Emit(new Relu(), node.Activation(0));
    }

    public static void Write(NodeWriter node) => node.Add("Relu");
}
