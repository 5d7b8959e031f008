using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Add of two values of one shape, or of a constant bias to a matrix product, which takes it in.</summary>
internal static class AddTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        if (node.IsConstant(0))
            ReadBias(node, 1, 0);
        else if (node.IsConstant(1))
            ReadBias(node, 0, 1);
        else
            node.Emit(new Add(), node.Activation(0), node.Activation(1));
    }

    public static void Write(NodeWriter node) => node.Add("Add");

    private static void ReadBias(NodeReader node, int activation, int constant)
    {
        string value = node.Activation(activation);
        if (node.OnlyForThis(value) is not { Op: Gemm, Inputs.Length: 2 } product)
            throw new SkiptuneException("a constant can be added only to a MatMul or a Gemm without bias, whose result nothing else reads");
        Shape sum = node.ShapeOf(value);
        node.Merge(product, [.. product.Inputs, GemmTranslator.ReadBias(node, constant, sum[1], 1)]);
    }
}
