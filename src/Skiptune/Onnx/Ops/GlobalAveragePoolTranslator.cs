using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>GlobalAveragePool.</summary>
internal static class GlobalAveragePoolTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        node.Emit(new GlobalAveragePool(), node.Activation(0));
    }

    public static void Write(NodeWriter node) => node.Add("GlobalAveragePool");
}
