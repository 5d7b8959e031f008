using Skiptune.Networks;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Split: sizes as an attribute (before operator set 13), as an input, or equal parts.</summary>
internal static class SplitTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 2);
        string x = node.Activation(0);
        int axis = node.Axis("axis", 0, node.ShapeOf(x).Rank);
        // The number of outputs says it too.
        node.Attributes.Int("num_outputs", node.OutputCount, node.OutputCount, node.OutputCount);
        long[]? sizes = node.HasInput(1) ? node.Integers(1) : node.Attributes.Take("split", AttributeType.Ints)?.Ints.ToArray();
        int extent = node.ShapeOf(x)[axis];
        if (node.ShapesOf(0).Any(shape => shape[axis] != extent))
            throw new SkiptuneException("it cuts the batch, which is not supported");
        // Equal parts, the last smaller where they cannot be.
        int part = (extent + node.OutputCount - 1) / node.OutputCount;
        sizes ??= [.. Enumerable.Range(0, node.OutputCount).Select(i => (long)Math.Min(part, extent - i * part))];
        if (sizes.Length != node.OutputCount || sizes.Any(size => size < 1 || size > extent))
            throw new SkiptuneException($"axis {axis} of {node.ShapeOf(x)} cannot be cut into {string.Join(", ", sizes)} for {node.OutputCount} outputs");
        node.EmitAll(new Split(axis, [.. sizes.Select(size => (int)size)]), x);
    }

    public static void Write(NodeWriter node)
    {
        Split split = (Split)node.Node.Op;
        node.Add("Split", node.StoreIntegers("split", split.Sizes.AsSpan())).With("axis", split.Axis);
    }
}
