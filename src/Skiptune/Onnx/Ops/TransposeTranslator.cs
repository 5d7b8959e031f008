using Skiptune.Networks;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Transpose; without perm the axes are turned round.</summary>
internal static class TransposeTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        string x = node.Activation(0);
        int rank = node.ShapeOf(x).Rank;
        long[] order = node.Attributes.Take("perm", AttributeType.Ints) is { } perm ? [.. perm.Ints] : [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        node.Emit(new Transpose([.. order.Select(axis => NodeReader.FromStart(axis, rank))]), x);
    }

    public static void Write(NodeWriter node) => node.Add("Transpose").With("perm", [.. ((Transpose)node.Node.Op).Order.Select(axis => (long)axis)]);
}
