using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>LayerNormalization and InstanceNormalization.</summary>
internal static class NormalizationTranslator
{
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
        node.Add("LayerNormalization").With("axis", op.Axis).With("epsilon", op.Epsilon);
    }

    public static void WriteInstance(NodeWriter node) =>
        node.Add("InstanceNormalization").With("epsilon", ((InstanceNormalization)node.Node.Op).Epsilon);
}
