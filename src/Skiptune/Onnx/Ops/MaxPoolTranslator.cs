using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>MaxPool.</summary>
internal static class MaxPoolTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        bool ceil = node.Attributes.Int("ceil_mode", 0, 0, 1) == 1;
        // The order of the second output, which is refused anyway.
        node.Attributes.Int("storage_order", 0, 0, 1);
        string x = node.Activation(0);
        Window window = WindowTranslator.Read(node, node.ShapeOf(x), dilations: node.Opset >= 10, ceil: ceil);
        WindowTranslator.RefuseEmptyPositions(window, node.ShapeOf(x));
        node.Emit(new MaxPool(window), x);
    }

    public static void Write(NodeWriter node) => WindowTranslator.Write(node.Add("MaxPool"), ((MaxPool)node.Node.Op).Window, node.ShapeOf(node.Node.Inputs[0]).Rank);
}
