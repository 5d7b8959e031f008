using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>ConvTranspose over one- or two-dimensional images; output_shape and auto_pad become padding.</summary>
internal static class ConvTransposeTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(2, 3);
        string x = node.Activation(0);
        Shape input = node.ShapeOf(x);
        int axes = Math.Clamp(input.Rank - 2, 1, 2);
        string auto = node.Attributes.Word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        int[] extra = node.Attributes.Ints("output_padding", axes, 0, short.MaxValue) ?? new int[axes];
        int[]? wanted = node.Attributes.Ints("output_shape", axes, 1, 1 << 20);
        (string name, Tensor weight) = node.Weight(1);
        Window window = WindowTranslator.Read(node, input, weight.Shape);
        int extraY = axes == 2 ? extra[0] : 0;
        int extraX = extra[^1];
        if (auto is "SAME_UPPER" or "SAME_LOWER" || wanted is not null)
        {
            Shape planes = Windows.AsPlanes(input);
            (int top, int bottom, extraY) = Cut(
                planes[2], wanted is null ? null : axes == 2 ? wanted[0] : 1, window.Height, window.StrideY, window.DilationY, extraY, auto == "SAME_UPPER");
            (int left, int right, extraX) = Cut(
                planes[3], wanted?[^1], window.Width, window.StrideX, window.DilationX, extraX, auto == "SAME_UPPER");
            window = window with { PadTop = top, PadBottom = bottom, PadLeft = left, PadRight = right };
        }
        ConvTranspose op = new(window, node.Attributes.Int("group", 1, 1, int.MaxValue), extraY, extraX);
        if (node.HasInput(2))
            node.Emit(op, x, name, node.Weight(2).Name);
        else
            node.Emit(op, x, name);
    }

    public static void Write(NodeWriter node)
    {
        ConvTranspose op = (ConvTranspose)node.Node.Op;
        int rank = node.ShapeOf(node.Node.Inputs[0]).Rank;
        NodeProto proto = WindowTranslator.Write(node.Add("ConvTranspose"), op.Window, rank).With("group", op.Groups);
        proto.With("output_padding", rank == 3 ? [op.ExtraX] : [op.ExtraY, op.ExtraX]);
    }

    // What is cut off on either side, or added behind, to reach the extent that is wanted: by default the input's times the stride.
    private static (int Before, int After, int Extra) Cut(int extent, int? wanted, int size, int stride, int dilation, int extra, bool upper)
    {
        long total = (extent - 1L) * stride + (size - 1L) * dilation + 1 + extra - (wanted ?? (long)extent * stride);
        if (total < 0)
            return (0, 0, (int)Math.Min(int.MaxValue, extra - total));
        int less = (int)Math.Min(int.MaxValue / 2, total) / 2;
        int more = (int)Math.Min(int.MaxValue / 2, total) - less;
        return upper ? (less, more, extra) : (more, less, extra);
    }
}
