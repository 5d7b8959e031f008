using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Gemm: alpha * x W + beta * bias, with alpha and beta folded into the constants.</summary>
internal static class GemmTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 3);
        node.Attributes.RefuseFlag("transA", "a transposed input");
        float alpha = node.Attributes.Float("alpha", 1);
        float beta = node.Attributes.Float("beta", 1);
        Gemm gemm = new(TransposeB: node.Attributes.Int("transB", 0, 0, 1) == 1);
        string x = node.Activation(0);
        (string weight, Tensor matrix) = node.Weight(1);
        if (matrix.Shape.Rank != 2)
            throw new SkiptuneException($"its weight {ErrorText.Quote(weight)} of {matrix.Shape} is not a matrix");
        if (alpha != 1)
            weight = node.Derive($"{weight}.scaled", matrix.Shape, scaled => Scale(matrix, alpha, scaled));
        if (node.HasInput(2))
            node.Emit(gemm, x, weight, ReadBias(node, 2, matrix.Shape[gemm.TransposeB ? 0 : 1], beta));
        else
            node.Emit(gemm, x, weight);
    }

    /// <summary>A constant bias as a vector of that many values, however it was broadcast.</summary>
    public static string ReadBias(NodeReader node, int position, int columns, float factor)
    {
        (string name, Tensor bias) = node.Weight(position);
        Shape vector = new(columns);
        if (bias.Shape == vector && factor == 1)
            return name;
        bool isRow = bias.Shape.Rank <= 2 && bias.Shape.Count == columns && bias.Shape.Rank > 0 && bias.Shape[-1] == columns;
        if (!isRow && (bias.Shape.Count != 1 || bias.Shape.Rank > 2))
            throw new SkiptuneException($"its bias {ErrorText.Quote(name)} of {bias.Shape} is not one value for each of {columns} outputs");
        return node.Derive($"{name}.bias", vector, full =>
        {
            for (int i = 0; i < columns; i++)
                full.Span[i] = factor * bias.Span[isRow ? i : 0];
        });
    }

    public static void Write(NodeWriter node)
    {
        Gemm gemm = (Gemm)node.Node.Op;
        node.Add("Gemm").With("transB", gemm.TransposeB ? 1 : 0);
    }

    private static void Scale(Tensor source, float factor, Tensor target)
    {
        for (int i = 0; i < source.Shape.Count; i++)
            target.Span[i] = factor * source.Span[i];
    }
}
