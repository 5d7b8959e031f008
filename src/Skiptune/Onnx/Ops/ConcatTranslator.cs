using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Concat.</summary>
internal static class ConcatTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, int.MaxValue);
        string[] values = node.Operands();
        node.Emit(new Concat(node.Axis("axis", 1, node.ShapeOf(values[0]).Rank)), values);
    }

    public static void Write(NodeWriter node) => node.Add("Concat").With("axis", ((Concat)node.Node.Op).Axis);
}
