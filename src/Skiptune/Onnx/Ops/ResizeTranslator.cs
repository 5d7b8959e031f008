using Skiptune.Networks;
using Skiptune.Numerics;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Resize and Upsample in all their forms: scales or sizes, as attributes or inputs.</summary>
internal static class ResizeTranslator
{
    private static readonly string[] s_modes = ["nearest", "linear"];

    private static readonly string[] s_coordinates = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn"];

    private static readonly string[] s_roundings = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];

    public static void ReadUpsample(NodeReader node)
    {
        bool attribute = node.Opset < 9;
        node.CheckInputs(attribute ? 1 : 2, attribute ? 1 : 2);
        float[] scales = attribute
            ? node.Attributes.Take("scales", AttributeType.Floats)?.Floats.ToArray() ?? throw new SkiptuneException("scales are missing")
            : Scales(node, 1);
        EmitOld(node, scales);
    }

    public static void Read(NodeReader node)
    {
        if (node.Opset < 11)
        {
            node.CheckInputs(2, 2);
            EmitOld(node, Scales(node, 1));
            return;
        }
        node.CheckInputs(1, 4);
        string x = node.Activation(0);
        int rank = node.ShapeOf(x).Rank;
        ResizeMode mode = (ResizeMode)Word(node, "mode", s_modes);
        ResizeCoordinates coordinates = (ResizeCoordinates)Word(node, "coordinate_transformation_mode", s_coordinates);
        ResizeRounding rounding = (ResizeRounding)Word(node, "nearest_mode", s_roundings);
        node.Attributes.RefuseFlag("antialias", "a filter when shrinking");
        node.Attributes.RefuseFlag("exclude_outside", "weights of cubic interpolation");
        node.Attributes.Word("keep_aspect_ratio_policy", "stretch");
        // Of other modes alone.
        node.Attributes.Float("cubic_coeff_a", 0);
        node.Attributes.Float("extrapolation_value", 0);
        int[] axes = node.Attributes.Take("axes", AttributeType.Ints) is { } given
            ? [.. given.Ints.Select(axis => NodeReader.FromStart(axis, rank))]
            : [.. Enumerable.Range(0, rank)];
        // Some exporters leave an empty tensor where they mean nothing.
        float[] scales = node.HasInput(2) ? Scales(node, 2) : [];
        if (scales.Length > 0)
        {
            float[] all = new float[rank];
            Array.Fill(all, 1);
            Spread(axes, scales, all);
            node.Emit(new Resize([.. all], [], mode, coordinates, Needed(mode, rounding)), x);
            return;
        }
        int[] sizes = new int[rank];
        Spread(axes, Sizes(node, axes), sizes);
        node.Emit(new Resize([], [.. sizes], mode, coordinates, Needed(mode, rounding)), x);
    }

    public static void Write(NodeWriter node)
    {
        Resize resize = (Resize)node.Node.Op;
        string x = node.AddCast(node.Node.Inputs[0], ElementType.Float);
        string[] inputs = resize.Scales.Count > 0
            ? [x, "", node.StoreFloats("scales", resize.Scales.AsSpan())]
            : [x, "", "", node.AddShape([.. resize.Sizes], x)];
        node.AddWith("Resize", inputs)
            .With("mode", s_modes[(int)resize.Mode])
            .With("coordinate_transformation_mode", s_coordinates[(int)resize.Coordinates])
            .With("nearest_mode", s_roundings[(int)resize.Rounding]);
    }

    private static void EmitOld(NodeReader node, float[] scales)
    {
        ResizeMode mode = (ResizeMode)Word(node, "mode", s_modes);
        node.Emit(new Resize([.. scales], [], mode, ResizeCoordinates.Asymmetric, Needed(mode, ResizeRounding.Floor)), node.Activation(0));
    }

    private static ResizeRounding Needed(ResizeMode mode, ResizeRounding rounding) => mode == ResizeMode.Nearest ? rounding : ResizeRounding.RoundPreferFloor;

    private static int Word(NodeReader node, string name, string[] words) => Array.IndexOf(words, node.Attributes.Word(name, words[0], words.AsSpan(1)));

    private static float[] Scales(NodeReader node, int position) => node.Weight(position).Tensor.Span.ToArray();

    // An extent that follows the input's, as the batch does, is written 0.
    private static int[] Sizes(NodeReader node, int[] axes)
    {
        if (!node.HasInput(3))
            throw new SkiptuneException("it has neither scales nor sizes");
        KnownTensor[] examples = node.Known(3).Examples;
        if (examples.Any(example => example.Values.Length != axes.Length))
            throw new SkiptuneException($"it has {examples[0].Values.Length} sizes for {axes.Length} axes");
        return
        [
            .. axes.Select((axis, i) =>
            {
                if (node.ShapesOf(0).Select((shape, at) => shape[axis] == examples[at].Values[i]).All(same => same))
                    return 0;
                double size = examples[0].Values[i];
                if (examples.Any(example => example.Values[i] != size) || size is < 1 or > Shape.MaxElements)
                    throw new SkiptuneException($"the size {size} of axis {axis} is not possible, or follows the batch");
                return (int)size;
            }),
        ];
    }

    private static void Spread<T>(int[] axes, T[] given, T[] all)
    {
        if (given.Length != axes.Length)
            throw new SkiptuneException($"it has {given.Length} numbers for {axes.Length} axes");
        for (int i = 0; i < axes.Length; i++)
            all[axes[i]] = given[i];
    }
}
