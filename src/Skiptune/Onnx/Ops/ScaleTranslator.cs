using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Mul by one constant number.</summary>
internal static class ScaleTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        int constant = node.IsConstant(0) ? 0 : 1;
        string value = node.Activation(1 - constant);
        (string name, Tensor factor) = node.Weight(constant);
        if (factor.Shape.Count != 1 || factor.Shape.Rank > node.ShapeOf(value).Rank)
            throw new SkiptuneException($"only one number can be multiplied with, not {ErrorText.Quote(name)} of {factor.Shape}");
        node.Emit(new Scale(factor.Span[0]), value);
    }

    public static void Write(NodeWriter node)
    {
        Scale scale = (Scale)node.Node.Op;
        node.Add("Mul", node.StoreScalar("factor", scale.Factor));
    }
}
