using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Gather; its indices are float32 in memory, int64 in the file.</summary>
internal static class GatherTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        string data = node.Activation(0);
        if (ElementType.IsFloat(node.TypeOf(1)) && !node.IsConstant(1))
            throw new SkiptuneException("its indices are not whole numbers; export the model again");
        node.Emit(new Gather(node.Axis("axis", 0, node.ShapeOf(data).Rank)), data, node.Activation(1));
    }

    public static void Write(NodeWriter node)
    {
        node.AddWith("Gather", [node.AddCast(node.Node.Inputs[0], ElementType.Float), node.AddCast(node.Node.Inputs[1], ElementType.Int64)])
            .With("axis", ((Gather)node.Node.Op).Axis);
    }
}
