using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>ReduceSum, ReduceMean, ReduceMax, ReduceMin, and GlobalMaxPool as one of them.</summary>
internal static class ReduceTranslator
{
    // From these operator sets on the axes are an input.
    private const int SumAxesOpset = 13;

    private const int OtherAxesOpset = 18;

    public static Action<NodeReader> Read(Reduction kind) => node =>
    {
        bool input = HasAxesInput(kind, node.Opset);
        node.CheckInputs(1, input ? 2 : 1);
        bool keep = node.Attributes.Int("keepdims", 1, 0, 1) == 1;
        bool nothing = input && node.Attributes.Int("noop_with_empty_axes", 0, 0, 1) == 1;
        int[] axes = input
            ? node.HasInput(1) ? AxesOf(node.Integers(1)) : []
            : node.Attributes.IntList("axes", TensorReader.MaxRank, -TensorReader.MaxRank, TensorReader.MaxRank) ?? [];
        if (axes.Length == 0 && nothing)
            node.PassThrough(0);
        else
            node.Emit(new Reduce(kind, [.. axes], keep), node.Activation(0));
    };

    public static void ReadGlobalMaxPool(NodeReader node)
    {
        node.CheckInputs(1, 1);
        string x = node.Activation(0);
        int rank = node.ShapeOf(x).Rank;
        if (rank < 3)
            throw new SkiptuneException($"its input of {node.ShapeOf(x)} is not a batch of planes");
        node.Emit(new Reduce(Reduction.Max, [.. Enumerable.Range(2, rank - 2)]), x);
    }

    public static void Write(NodeWriter node)
    {
        Reduce op = (Reduce)node.Node.Op;
        ValueList<int> axes = op.Axes;
        if (HasAxesInput(op.Kind, node.Opset))
            (axes.Count == 0 ? node.Add(op.Type) : node.Add(op.Type, node.StoreIntegers("axes", axes.AsSpan()))).With("keepdims", op.KeepDims ? 1 : 0);
        else if (axes.Count == 0)
            node.Add(op.Type).With("keepdims", op.KeepDims ? 1 : 0);
        else
            node.Add(op.Type).With("axes", [.. axes.Select(axis => (long)axis)]).With("keepdims", op.KeepDims ? 1 : 0);
    }

    private static bool HasAxesInput(Reduction kind, int opset) => opset >= (kind == Reduction.Sum ? SumAxesOpset : OtherAxesOpset);

    private static int[] AxesOf(long[] axes)
    {
        if (axes.Length > TensorReader.MaxRank || axes.Any(axis => Math.Abs((double)axis) > TensorReader.MaxRank))
            throw new SkiptuneException($"the axes {string.Join(", ", axes.Take(TensorReader.MaxRank + 1))} are not possible");
        return [.. axes.Select(axis => (int)axis)];
    }
}
