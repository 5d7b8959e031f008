using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>
/// Add and Sum. A constant vector added to a matrix product becomes the product's bias; any other constant that
/// runs along one axis is the bias of the Add itself. One number, such as an epsilon, is no bias.
/// </summary>
internal static class AddTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 2);
        int constant = node.IsConstant(0) ? 0 : node.IsConstant(1) ? 1 : -1;
        if (constant < 0)
        {
            node.Emit(new Add(), node.Activation(0), node.Activation(1));
            return;
        }
        string value = node.Activation(1 - constant);
        (string name, Tensor bias) = node.Weight(constant);
        if (node.OnlyForThis(value) is { Op: Gemm, Inputs.Length: 2 } product && FitsProduct(bias.Shape, node.ShapeOf(value)[1]))
            node.Merge(product, [.. product.Inputs, GemmTranslator.ReadBias(node, constant, node.ShapeOf(value)[1], 1)]);
        else
            node.Emit(new Add(IsVector(bias.Shape) ? constant : -1), node.Activation(0), node.Activation(1));
    }

    public static void Write(NodeWriter node) => node.Add("Add");

    private static bool IsVector(Shape shape) => shape.Extents.Count(extent => extent != 1) == 1;

    private static bool FitsProduct(Shape bias, int columns) =>
        bias.Rank is > 0 and <= 2 && (bias.Count == 1 || (bias.Count == columns && bias[-1] == columns));
}
