using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Mul: by one constant number, or of any two values.</summary>
internal static class ScaleTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        int constant = node.IsConstant(0) ? 0 : 1;
        if (node.IsConstant(constant) && node.Weight(constant).Tensor is { Shape.Count: 1 } factor
            && factor.Shape.Rank <= node.ShapeOf(node.Activation(1 - constant)).Rank)
        {
            node.Emit(new Scale(factor.Span[0]), node.Activation(1 - constant));
        }
        else
        {
            ElementwiseTranslator.ReadBinary<Mul>(node);
        }
    }

    public static void Write(NodeWriter node)
    {
        Scale scale = (Scale)node.Node.Op;
        node.Add("Mul", node.StoreScalar("factor", scale.Factor));
    }
}
