using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>LayerNormalization and InstanceNormalization.</summary>
internal static class NormalizationTranslator
{
    // Before this operator set a layer normalisation is written as the nodes it stands for.
    private const int LayerOpset = 17;

    public static void ReadLayer(NodeReader node)
    {
        node.CheckInputs(2, 3);
        // The type of the first steps of the computation: always float32 here.
        node.Attributes.Int("stash_type", 1, 1, 1);
        string x = node.Activation(0);
        LayerNormalization op = new(
            node.Attributes.Int("axis", -1, -TensorReader.MaxRank, TensorReader.MaxRank), node.Attributes.Float("epsilon", 1e-5f, 0, 1));
        if (node.HasInput(2))
            node.Emit(op, x, node.Activation(1), node.Activation(2));
        else
            node.Emit(op, x, node.Activation(1));
    }

    public static void ReadInstance(NodeReader node)
    {
        node.CheckInputs(3, 3);
        node.Emit(new InstanceNormalization(node.Attributes.Float("epsilon", 1e-5f, 0, 1)), node.Activation(0), node.Activation(1), node.Activation(2));
    }

    public static void WriteLayer(NodeWriter node)
    {
        LayerNormalization op = (LayerNormalization)node.Node.Op;
        if (node.Opset < LayerOpset)
            WriteParts(node, op);
        else
            node.Add("LayerNormalization").With("axis", op.Axis).With("epsilon", op.Epsilon);
    }

    // (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + bias, which is read back as one operator.
    private static void WriteParts(NodeWriter node, LayerNormalization op)
    {
        Node whole = node.Node;
        string x = whole.Inputs[0];
        int rank = node.ShapeOf(x).Rank;
        int first = op.Axis < 0 ? op.Axis + rank : op.Axis;
        long[] axes = [.. Enumerable.Range(first, rank - first).Select(axis => (long)axis)];
        string Part(string type, string name, params ReadOnlySpan<string> inputs) => node.AddPart(type, $"{whole.Name}.{name}", inputs).Output[0];
        string Mean(string name, string value) => node.AddPart("ReduceMean", $"{whole.Name}.{name}", [value]).With("axes", axes).With("keepdims", 1).Output[0];
        string difference = Part("Sub", "difference", x, Mean("mean", x));
        string variance = Mean("variance", Part("Mul", "square", difference, difference));
        string root = Part("Sqrt", "root", Part("Add", "sum", variance, node.StoreScalar("epsilon", op.Epsilon)));
        string normal = Part("Div", "normal", difference, root);
        if (whole.Inputs.Length > 2)
            node.AddWith("Add", [Part("Mul", "scaled", normal, whole.Inputs[1]), whole.Inputs[2]]);
        else
            node.AddWith("Mul", [normal, whole.Inputs[1]]);
    }

    public static void WriteInstance(NodeWriter node) =>
        node.Add("InstanceNormalization").With("epsilon", ((InstanceNormalization)node.Node.Op).Epsilon);
}
