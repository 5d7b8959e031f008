using Skiptune.Networks;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Pad: numbers as attributes (before operator set 11) or as inputs.</summary>
internal static class PadTranslator
{
    private static readonly string[] s_modes = ["constant", "reflect", "edge", "wrap"];

    public static void Read(NodeReader node)
    {
        string x = node.Activation(0);
        int rank = node.ShapeOf(x).Rank;
        bool attributes = node.Opset < 11;
        node.CheckInputs(attributes ? 1 : 2, attributes ? 1 : 4);
        PadMode mode = (PadMode)Array.IndexOf(s_modes, node.Attributes.Word("mode", s_modes[0], s_modes[1], s_modes[2], s_modes[3]));
        long[] pads = attributes
            ? node.Attributes.Take("pads", AttributeType.Ints)?.Ints.ToArray() ?? throw new SkiptuneException("pads is missing")
            : node.Integers(1);
        float value = attributes ? node.Attributes.Float("value", 0) : node.HasInput(2) ? node.Number(2) : 0;
        int[] axes = node.HasInput(3) ? [.. node.Integers(3).Select(axis => NodeReader.FromStart(axis, rank))] : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length || pads.Any(pad => Math.Abs(Math.Max(pad, -int.MaxValue)) > int.MaxValue / 4))
            throw new SkiptuneException($"the pads {string.Join(", ", pads)} are not possible for {axes.Length} axes");
        int[] before = new int[rank];
        int[] after = new int[rank];
        for (int i = 0; i < axes.Length; i++)
            (before[axes[i]], after[axes[i]]) = ((int)pads[i], (int)pads[i + axes.Length]);
        node.Emit(new Pad([.. before], [.. after], mode, mode == PadMode.Constant ? value : 0), x);
    }

    public static void Write(NodeWriter node)
    {
        Pad pad = (Pad)node.Node.Op;
        string pads = node.StoreIntegers("pads", [.. pad.Before, .. pad.After]);
        if (pad.Value == 0)
            node.Add("Pad", pads).With("mode", s_modes[(int)pad.Mode]);
        else
            node.Add("Pad", pads, node.StoreScalar("value", pad.Value)).With("mode", s_modes[(int)pad.Mode]);
    }
}
