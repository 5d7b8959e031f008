using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>
/// MatMul: of vectors with a constant matrix a fully connected layer without bias, of anything else with a constant matrix
/// one over the last axis, and otherwise products of matrices.
/// </summary>
internal static class MatMulTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        if (node.IsConstant(0))
        {
            (string left, Tensor constant) = node.Weight(0);
            if (constant.Shape.Rank < 2)
                throw new SkiptuneException($"its left side {ErrorText.Quote(left)} of {constant.Shape} is not a matrix");
            node.Emit(new MatMul(), left, node.Activation(1));
            return;
        }
        string x = node.Activation(0);
        if (!node.IsConstant(1))
        {
            node.Emit(new MatMul(), x, node.Activation(1));
            return;
        }
        (string weight, Tensor matrix) = node.Weight(1);
        if (matrix.Shape.Rank < 2)
            throw new SkiptuneException($"its right side {ErrorText.Quote(weight)} of {matrix.Shape} is not a matrix");
        bool isWeight = matrix.Shape.Rank == 2;
        node.Emit(isWeight && node.ShapeOf(x).Rank == 2 ? new Gemm(TransposeB: false) : new MatMul(isWeight), x, weight);
    }

    public static void Write(NodeWriter node) => node.Add("MatMul");
}
