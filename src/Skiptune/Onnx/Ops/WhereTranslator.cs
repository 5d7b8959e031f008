using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Where; its condition is 0 or 1 in memory, a bool in the file.</summary>
internal static class WhereTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(3, 3);
        node.Emit(new Where(), node.Operands());
    }

    public static void Write(NodeWriter node)
    {
        node.AddWith("Where",
        [
            node.AddCast(node.Node.Inputs[0], ElementType.Bool),
            node.AddCast(node.Node.Inputs[1], ElementType.Float),
            node.AddCast(node.Node.Inputs[2], ElementType.Float),
        ]);
    }
}
