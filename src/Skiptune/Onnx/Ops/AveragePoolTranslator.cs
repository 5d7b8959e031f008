using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>AveragePool.</summary>
internal static class AveragePoolTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(1, 1);
        bool ceil = node.Attributes.Int("ceil_mode", 0, 0, 1) == 1;
        bool countPadding = node.Attributes.Int("count_include_pad", 0, 0, 1) == 1;
        if (ceil && countPadding)
            throw new SkiptuneException("ceil_mode = 1 with count_include_pad = 1 is not supported: runtimes do not agree on what it means");
        string x = node.Activation(0);
        Window window = WindowTranslator.Read(node, node.ShapeOf(x), dilations: node.Opset >= 19, ceil: ceil);
        WindowTranslator.RefuseEmptyPositions(window, node.ShapeOf(x));
        node.Emit(new AveragePool(window, countPadding), x);
    }

    public static void Write(NodeWriter node)
    {
        AveragePool pool = (AveragePool)node.Node.Op;
        // Older operator sets do not know the attribute; the writer raises the set only where it is needed.
        bool dilated = pool.Window is not { DilationX: 1, DilationY: 1 };
        WindowTranslator.Write(node.Add("AveragePool"), pool.Window, node.ShapeOf(node.Node.Inputs[0]).Rank, dilated).With("count_include_pad", pool.CountPadding ? 1 : 0);
    }
}
