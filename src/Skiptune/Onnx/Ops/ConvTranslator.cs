using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Conv over one- or two-dimensional images.</summary>
internal static class ConvTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 3);
        string x = node.Activation(0);
        (string name, Tensor weight) = node.Weight(1);
        Window window = WindowTranslator.Read(node, node.ShapeOf(x), weight.Shape);
        Conv conv = new(window, node.Attributes.Int("group", 1, 1, int.MaxValue));
        if (node.HasInput(2))
            node.Emit(conv, x, name, node.Weight(2).Name);
        else
            node.Emit(conv, x, name);
    }

    public static void Write(NodeWriter node)
    {
        Conv conv = (Conv)node.Node.Op;
        WindowTranslator.Write(node.Add("Conv"), conv.Window, node.ShapeOf(node.Node.Inputs[0]).Rank).With("group", conv.Groups);
    }
}
