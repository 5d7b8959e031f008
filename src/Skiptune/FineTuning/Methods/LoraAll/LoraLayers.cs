using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>Puts a LoRA adapter (Hu et al., 2021) on one layer: y = layer(x) + alpha/R * B(A(x)).</summary>
internal static class LoraLayers
{
    public static void Attach(GraphEditor editor, Node layer, FineTuneMethod method)
    {
        switch (layer.Op)
        {
            case Gemm or MatMul:
                AttachDense(editor, layer);
                break;
            case Conv conv:
                AttachConv(editor, layer.Name, conv, editor.ShapeOf(layer.Inputs[1]), layer.Inputs[0], layer.Output);
                break;
            default:
                throw new SkiptuneException(
                    ErrorText.OneLine($"node {ErrorText.Quote(layer.Name)}: {method} has no adapter for {layer.Op.Type}; choose a method without one on this layer"));
        }
    }

    /// <summary>Over the last axis: a layer on vectors, or on each vector of a sequence.</summary>
    public static void AttachDense(GraphEditor editor, Node layer)
    {
        (string name, string x, string y) = (layer.Name, layer.Inputs[0], layer.Output);
        int rank = editor.Options.Rank;
        (int inputs, int outputs) = (editor.ShapeOf(x)[-1], editor.ShapeOf(y)[-1]);
        string down = editor.AddParameter($"{name}.lora_A.weight", new Shape(rank, inputs), fanIn: inputs);
        string up = editor.AddParameter($"{name}.lora_B.weight", new Shape(outputs, rank), fanIn: 0);
        editor.Add($"{name}/lora", new LowRankAdapter(1, editor.Options.Factor), [editor.TakeOver(y), x, down, up], y);
        editor.Stands(name, down, up);
    }

    // A is a convolution of the layer's own size to R channels, B a 1x1 convolution; groups are not kept.
    private static void AttachConv(GraphEditor editor, string name, Conv conv, Shape weight, string x, string y)
    {
        int rank = editor.Options.Rank;
        int channels = editor.ShapeOf(x)[1];
        ImmutableArray<int> cells = weight.Extents[2..];
        Shape kernel = new([rank, channels, .. cells]);
        string down = editor.AddParameter($"{name}.lora_A.weight", kernel, fanIn: kernel.RowCount);
        string up = editor.AddParameter($"{name}.lora_B.weight", new Shape([weight[0], rank, .. cells.Select(_ => 1)]), fanIn: 0);
        string hidden = editor.Add($"{name}/lora/A", new Conv(conv.Window), [x, down]);
        string delta = editor.Add($"{name}/lora/B", new Conv(new Window(1, 1)), [hidden, up]);
        if (editor.Options.Factor != 1)
            delta = editor.Add($"{name}/lora/scale", new Scale(editor.Options.Factor), [delta]);
        editor.Add($"{name}/lora", new Add(), [editor.TakeOver(y), delta], y);
        editor.Stands(name, down, up);
    }
}
