using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>The window attributes that convolution and pooling share.</summary>
internal static class WindowTranslator
{
    // Keeps sums and products of window numbers inside an int.
    private const int Largest = 32_767;

    /// <summary>Reads the window over a value: planes, or lines as planes of height 1.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The shape of the value.</param>
    /// <param name="weight">The shape of the weight whose last axes are the window; they must then agree with kernel_shape.</param>
    /// <param name="dilations">Whether the operator has dilations in this operator set.</param>
    /// <param name="ceil">True to pad at the end, so that positions that stand over the edge are kept.</param>
    public static Window Read(NodeReader node, Shape input, Shape? weight = null, bool dilations = true, bool ceil = false)
    {
        if (input.Rank is < 3 or > 4)
            throw new SkiptuneException($"its input of {input} is not a batch of one- or two-dimensional images");
        int axes = input.Rank - 2;
        int[]? size = node.Attributes.Ints("kernel_shape", axes, 1, Largest);
        if (weight is { } shape)
        {
            if (shape.Rank != input.Rank)
                throw new SkiptuneException($"its weight of {shape} does not fit an input of {input}");
            int[] fromWeight = [.. shape.Extents.Skip(2)];
            if (size is not null && !size.SequenceEqual(fromWeight))
                throw new SkiptuneException($"kernel_shape is {string.Join('x', size)}, but its weight has {string.Join('x', fromWeight)}");
            if (fromWeight.Any(extent => extent > Largest))
                throw new SkiptuneException($"a window of {string.Join('x', fromWeight)} is too large");
            size = fromWeight;
        }
        if (size is null)
            throw new SkiptuneException("kernel_shape is missing");
        size = Plane(size, 1);
        int[] steps = Plane(node.Attributes.Ints("strides", axes, 1, Largest), 1);
        int[] spread = Plane(dilations ? node.Attributes.Ints("dilations", axes, 1, Largest) : null, 1);
        int[]? pads = node.Attributes.Ints("pads", 2 * axes, 0, Largest);
        string auto = node.Attributes.Word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        if (auto != "NOTSET" && pads is not null && pads.Any(pad => pad != 0))
            throw new SkiptuneException($"it has both auto_pad = {auto} and pads");
        int[] before = Plane(pads?[..axes], 0);
        int[] after = Plane(pads?[axes..], 0);
        Shape planes = Windows.AsPlanes(input);
        for (int axis = 0; axis < 2; axis++)
        {
            int extent = planes[axis + 2];
            if (auto is "SAME_UPPER" or "SAME_LOWER")
                (before[axis], after[axis]) = Same(extent, size[axis], steps[axis], spread[axis], extraAfter: auto == "SAME_UPPER");
            if (ceil)
                after[axis] += Overhang(extent, size[axis], steps[axis], spread[axis], before[axis], after[axis]);
        }
        Window window = new(size[0], size[1])
        {
            StrideY = steps[0],
            StrideX = steps[1],
            DilationY = spread[0],
            DilationX = spread[1],
            PadTop = before[0],
            PadLeft = before[1],
            PadBottom = after[0],
            PadRight = after[1],
        };
        window.Check();
        return window;
    }

    /// <summary>Adds the window's attributes to a node over an input of that rank: 3 for lines, 4 for planes.</summary>
    public static NodeProto Write(NodeProto node, Window window, int rank, bool dilations = true)
    {
        bool lines = rank == 3;
        node.With("kernel_shape", lines ? [window.Width] : [window.Height, window.Width])
            .With("strides", lines ? [window.StrideX] : [window.StrideY, window.StrideX])
            .With("pads", lines ? [window.PadLeft, window.PadRight] : [window.PadTop, window.PadLeft, window.PadBottom, window.PadRight]);
        return dilations ? node.With("dilations", lines ? [window.DilationX] : [window.DilationY, window.DilationX]) : node;
    }

    // Numbers for rows and columns from those for columns alone, or from none.
    private static int[] Plane(int[]? values, int neutral) => values switch
    {
        null => [neutral, neutral],
        [int column] => [neutral, column],
        _ => values,
    };

    // What a last position needs beyond the padding, if it starts before the end of the input.
    private static int Overhang(int extent, int size, int stride, int dilation, int before, int after)
    {
        int free = extent + before + after - (size - 1) * dilation - 1;
        int missing = free < 0 ? 0 : (stride - free % stride) % stride;
        return missing > 0 && free + missing < extent + before ? missing : 0;
    }

    /// <summary>Throws if some position of a pooling lies on padding alone: it would have no maximum and no mean.</summary>
    public static void RefuseEmptyPositions(Window window, Shape input)
    {
        Shape planes = Windows.AsPlanes(input);
        if (HasEmpty(window.OutputHeight(planes[2]), planes[2], window.Height, window.StrideY, window.DilationY, window.PadTop)
            || HasEmpty(window.OutputWidth(planes[3]), planes[3], window.Width, window.StrideX, window.DilationX, window.PadLeft))
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
