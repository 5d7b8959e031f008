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
        string condition = node.AddCast(node.Node.Inputs[0], ElementType.Bool);
        node.Add("Where").Input[0] = condition;
    }
}
