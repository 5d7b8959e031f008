using Skiptune.Networks;
using Skiptune.Numerics;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Squeeze and Unsqueeze: axes as an attribute (before operator set 13) or as an input.</summary>
internal static class AxesTranslator
{
    public static void ReadSqueeze(NodeReader node)
    {
        node.CheckInputs(1, 2);
        string x = node.Activation(0);
        Shape shape = node.ShapeOf(x);
        // Without axes, all of extent 1 but the batch go: its 1 is an example.
        IEnumerable<int> axes = Given(node)?.Select(axis => NodeReader.FromStart(axis, shape.Rank))
            ?? Enumerable.Range(0, shape.Rank).Where(axis => node.ShapesOf(0).All(example => example[axis] == 1));
        node.Emit(new Squeeze([.. axes.Order()]), x);
    }

    public static void ReadUnsqueeze(NodeReader node)
    {
        node.CheckInputs(1, 2);
        string x = node.Activation(0);
        long[] axes = Given(node) ?? throw new SkiptuneException("axes are missing");
        int rank = node.ShapeOf(x).Rank + axes.Length;
        if (rank > TensorReader.MaxRank)
            throw new SkiptuneException($"it makes {rank} axes; {TensorReader.MaxRank} are the most");
        node.Emit(new Unsqueeze([.. axes.Select(axis => NodeReader.FromStart(axis, rank)).Order()]), x);
    }

    public static void Write(NodeWriter node)
    {
        ValueList<int> axes = node.Node.Op is Squeeze squeeze ? squeeze.Axes : ((Unsqueeze)node.Node.Op).Axes;
        node.Add(node.Node.Op.Type, node.StoreIntegers("axes", axes.AsSpan()));
    }

    private static long[]? Given(NodeReader node) => node.HasInput(1) ? node.Integers(1) : node.Attributes.Take("axes", AttributeType.Ints)?.Ints.ToArray();
}
