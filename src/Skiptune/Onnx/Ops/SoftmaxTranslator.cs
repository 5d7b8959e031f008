using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Onnx;

/// <summary>Softmax and LogSoftmax: along one axis, or before operator set 13 over that and all behind it.</summary>
internal static class SoftmaxTranslator
{
    private const int OneAxisOpset = 13;

    public static Action<NodeReader> Read(bool log) => node =>
    {
        node.CheckInputs(1, 1);
        bool one = node.Opset >= OneAxisOpset;
        string x = node.Activation(0);
        Shape shape = node.ShapeOf(x);
        int axis = node.Attributes.Int("axis", one ? -1 : 1, -shape.Rank, shape.Rank - 1);
        bool last = axis == -1 || axis == shape.Rank - 1;
        node.Emit(new Softmax(axis, log, ToEnd: !one && !last), x);
    };

    /// <summary>Over several axes: reshaped to one, and back.</summary>
    public static void Write(NodeWriter node)
    {
        Softmax op = (Softmax)node.Node.Op;
        if (!op.ToEnd)
        {
            node.Add(op.Type).With("axis", op.Axis);
            return;
        }
        string x = node.Node.Inputs[0];
        Shape shape = node.ShapeOf(x);
        int axis = op.Axis < 0 ? op.Axis + shape.Rank : op.Axis;
        // An extent of 0 keeps the batch.
        int[] rows = [.. shape.Extents.Take(axis).Select((extent, i) => i == 0 ? 0 : extent), -1];
        int[] back = [0, .. shape.Extents.Skip(1)];
        string prefix = node.Node.Name;
        string flat = node.AddPart("Reshape", $"{prefix}.rows", [x, node.StoreIntegers("rows", rows)]).Output[0];
        string result = node.AddPart(op.Type, $"{prefix}.along", [flat]).With("axis", -1).Output[0];
        Proto.NodeProto last = node.Add("Reshape");
        last.Input.Clear();
        last.Input.Add([result, node.StoreIntegers("shape", back)]);
    }
}
