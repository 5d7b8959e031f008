using Skiptune.Networks;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Slice: numbers as attributes (before operator set 10) or as inputs.</summary>
internal static class SliceTranslator
{
    public static void Read(NodeReader node)
    {
        string x = node.Activation(0);
        int rank = node.ShapeOf(x).Rank;
        bool attributes = node.Opset < 10;
        node.CheckInputs(attributes ? 1 : 3, attributes ? 1 : 5);
        long[] starts = (attributes ? Attribute(node, "starts") : node.Integers(1)) ?? throw new SkiptuneException("starts is missing");
        long[] ends = (attributes ? Attribute(node, "ends") : node.Integers(2)) ?? throw new SkiptuneException("ends is missing");
        long[] axes = (attributes ? Attribute(node, "axes") : node.HasInput(3) ? node.Integers(3) : null) ?? [.. Enumerable.Range(0, starts.Length).Select(axis => (long)axis)];
        long[] steps = !attributes && node.HasInput(4) ? node.Integers(4) : [.. starts.Select(_ => 1L)];
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
            throw new SkiptuneException($"it has {starts.Length} starts, {ends.Length} ends, {axes.Length} axes and {steps.Length} steps");
        node.Emit(new Slice([.. starts.Select((start, i) => new SliceRange(NodeReader.FromStart(axes[i], rank), Limit(start), Limit(ends[i]), Limit(steps[i])))]), x);
    }

    public static void Write(NodeWriter node)
    {
        ValueList<SliceRange> ranges = ((Slice)node.Node.Op).Ranges;
        node.Add(
            "Slice",
            node.StoreIntegers("starts", [.. ranges.Select(range => range.Start)]),
            node.StoreIntegers("ends", [.. ranges.Select(range => range.End)]),
            node.StoreIntegers("axes", [.. ranges.Select(range => range.Axis)]),
            node.StoreIntegers("steps", [.. ranges.Select(range => range.Step)]));
    }

    private static long[]? Attribute(NodeReader node, string name) => node.Attributes.Take(name, AttributeType.Ints)?.Ints.ToArray();

    // Beyond the end of any axis is its end; -int.MaxValue, so that it can be negated.
    private static int Limit(long value) => (int)Math.Clamp(value, -int.MaxValue, int.MaxValue);
}
