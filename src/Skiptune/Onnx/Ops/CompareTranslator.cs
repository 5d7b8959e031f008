using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>Equal, Greater, GreaterOrEqual, Less, LessOrEqual.</summary>
internal static class CompareTranslator
{
    public static Action<NodeReader> Read(Relation relation) => node =>
    {
        node.CheckInputs(2, 2);
        node.Emit(new Compare(relation), node.Activation(0), node.Activation(1));
    };

    public static void Write(NodeWriter node) => node.AddAsFloat(node.Node.Op.Type);
}
