using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Conv over two-dimensional images.</summary>
internal static class ConvTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 3);
        string x = node.Activation(0);
        (string name, Tensor weight) = node.Weight(1);
        if (weight.Shape.Rank != 4)
            throw new SkiptuneException($"its weight {ErrorText.Quote(name)} of {weight.Shape} is not one of a two-dimensional convolution");
        Window window = WindowTranslator.Read(node, node.ShapeOf(x), (weight.Shape[2], weight.Shape[3]));
        Conv conv = new(window, node.Attributes.Int("group", 1, 1, int.MaxValue));
        if (node.HasInput(2))
            node.Emit(conv, x, name, node.Weight(2).Name);
        else
            node.Emit(conv, x, name);
    }

    public static void Write(NodeWriter node)
    {
        Conv conv = (Conv)node.Node.Op;
        WindowTranslator.Write(node.Add("Conv"), conv.Window).With("group", conv.Groups);
    }
}
