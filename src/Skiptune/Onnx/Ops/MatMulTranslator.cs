using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>MatMul with a constant matrix on the right: a fully connected layer without bias.</summary>
internal static class MatMulTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        string x = node.Activation(0);
        (string weight, Tensor matrix) = node.Weight(1);
        if (matrix.Shape.Rank != 2)
            throw new SkiptuneException($"its right side {ErrorText.Quote(weight)} of {matrix.Shape} is not a matrix");
        node.Emit(new Gemm(TransposeB: false), x, weight);
    }
}
