using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Flatten.</summary>
internal static class FlattenTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        node.Emit(new Flatten(node.Attributes.Int("axis", 1, -TensorReader.MaxRank, TensorReader.MaxRank)), node.Activation(0));
    }

    public static void Write(NodeWriter node) => node.Add("Flatten").With("axis", ((Flatten)node.Node.Op).Axis);
}
