using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>The window attributes that convolution and pooling share.</summary>
internal static class WindowTranslator
{
    // Keeps sums and products of window numbers inside an int.
    private const int Largest = 32_767;

    /// <summary>Reads the window over a value.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The shape of the value.</param>
    /// <param name="kernel">Rows and columns, if the weight says them; they must then agree with kernel_shape.</param>
    /// <param name="dilations">Whether the operator has dilations in this operator set.</param>
    public static Window Read(NodeReader node, Shape input, (int Height, int Width)? kernel = null, bool dilations = true)
    {
        if (input.Rank != 4)
            throw new SkiptuneException($"its input of {input} is not a batch of two-dimensional images");
        int[]? size = node.Attributes.Ints("kernel_shape", 2, 1, Largest);
        if (kernel is { } fromWeight)
        {
            if (size is not null && (size[0], size[1]) != fromWeight)
                throw new SkiptuneException($"kernel_shape is {size[0]}x{size[1]}, but its weight has {fromWeight.Height}x{fromWeight.Width}");
            if (Math.Max(fromWeight.Height, fromWeight.Width) > Largest)
                throw new SkiptuneException($"a window of {fromWeight.Height}x{fromWeight.Width} is too large");
            size = [fromWeight.Height, fromWeight.Width];
        }
        if (size is null)
            throw new SkiptuneException("kernel_shape is missing");
        int[] steps = node.Attributes.Ints("strides", 2, 1, Largest) ?? [1, 1];
        int[] spread = dilations ? node.Attributes.Ints("dilations", 2, 1, Largest) ?? [1, 1] : [1, 1];
        int[]? pads = node.Attributes.Ints("pads", 4, 0, Largest);
        string auto = node.Attributes.Word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        if (auto != "NOTSET" && pads is not null && pads.Any(pad => pad != 0))
            throw new SkiptuneException($"it has both auto_pad = {auto} and pads");
        (int top, int bottom) = Pad(0);
        (int left, int right) = Pad(1);
        Window window = new(size[0], size[1])
        {
            StrideY = steps[0],
            StrideX = steps[1],
            DilationY = spread[0],
            DilationX = spread[1],
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
        };
        window.Check();
        return window;

        (int Before, int After) Pad(int axis) => auto switch
        {
            "NOTSET" => pads is null ? (0, 0) : (pads[axis], pads[axis + 2]),
            "VALID" => (0, 0),
            _ => Same(input[axis + 2], size[axis], steps[axis], spread[axis], extraAfter: auto == "SAME_UPPER"),
        };
    }

    /// <summary>Adds the window's attributes to a node.</summary>
    public static NodeProto Write(NodeProto node, Window window, bool dilations = true)
    {
        node.With("kernel_shape", [window.Height, window.Width])
            .With("strides", [window.StrideY, window.StrideX])
            .With("pads", [window.PadTop, window.PadLeft, window.PadBottom, window.PadRight]);
        return dilations ? node.With("dilations", [window.DilationY, window.DilationX]) : node;
    }

    /// <summary>Throws if some position of a pooling lies on padding alone: it would have no maximum and no mean.</summary>
    public static void RefuseEmptyPositions(Window window, Shape input)
    {
        if (HasEmpty(window.OutputHeight(input[2]), input[2], window.Height, window.StrideY, window.DilationY, window.PadTop)
            || HasEmpty(window.OutputWidth(input[3]), input[3], window.Width, window.StrideX, window.DilationX, window.PadLeft))
        {
            throw new SkiptuneException($"its window of {window.Height}x{window.Width} lies on padding alone somewhere over an input of {input}");
        }
    }

    // As many positions as the input has strides; what is missing is padded, the odd one before or after.
    private static (int Before, int After) Same(int extent, int size, int stride, int dilation, bool extraAfter)
    {
        int positions = (extent - 1) / stride + 1;
        int total = Math.Max(0, (positions - 1) * stride + (size - 1) * dilation + 1 - extent);
        return extraAfter ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
    }

    private static bool HasEmpty(int positions, int extent, int size, int stride, int dilation, int padBefore)
    {
        // Of the positions that start inside or behind the input, the last is the furthest out.
        if ((positions - 1) * stride - padBefore >= extent)
            return true;
        for (int start = -padBefore, position = 0; start < 0 && position < positions; start += stride, position++)
        {
            int onPadding = (-start + dilation - 1) / dilation;
            if (onPadding >= size || start + onPadding * dilation >= extent)
                return true;
        }
        return false;
    }
}
