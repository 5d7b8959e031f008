using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>
/// Computes at import what exporters compute about shapes: nodes over whole numbers that follow from constants and
/// from the shapes of activations.
/// </summary>
internal static class KnownOps
{
    private static readonly string[] s_shapes = ["Shape", "Size", "ConstantOfShape", "Range", "ReduceProd"];

    /// <summary>True if the operator can be evaluated here.</summary>
    public static bool Knows(string op) => s_shapes.Contains(op) || op is "Cast" or "Gather" || KnownArithmetic.Knows(op);

    /// <summary>Evaluates the node if all it reads is known; false if it is to be translated.</summary>
    public static bool TryRead(NodeReader node, string op)
    {
        if (op is "Shape" or "Size")
        {
            node.CheckInputs(1, 1);
            Measure(node, op);
            return true;
        }
        if (!Knows(op))
            return false;
        KnownValue?[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.KnownOrNull)];
        // Floats alone are folded with the kernels that would otherwise run.
        if (inputs.Length == 0 || inputs.Contains(null) || !Enumerable.Range(0, inputs.Length).Any(node.IsKnown))
        {
            if (OnnxOps.Readers.ContainsKey(op))
                return false;
            throw new SkiptuneException("only whole numbers that are known at import are supported here; export the model with fixed shapes");
        }
        (int type, Func<KnownTensor[], KnownTensor> evaluate) = Prepare(node, op, inputs!);
        node.Define(new KnownValue(type, [.. Enumerable.Range(0, KnownValue.Batches.Length).Select(at => evaluate([.. inputs.Select(input => input!.Examples[at])]))]));
        return true;
    }

    // Attributes are read once, the values computed for each batch size.
    private static (int Type, Func<KnownTensor[], KnownTensor> Evaluate) Prepare(NodeReader node, string op, KnownValue[] inputs)
    {
        switch (op)
        {
            case "Cast":
                int to = CastTranslator.TargetOf(node);
                return (to, values => values[0] with { Values = [.. values[0].Values.Select(value => KnownArithmetic.InType(to, value))] });
            case "ConstantOfShape":
                TensorProto? value = node.Attributes.Take("value", AttributeType.Tensor)?.T;
                double[] fill = value is null ? [0] : TensorReader.Numbers(value, out _);
                if (fill.Length != 1)
                    throw new SkiptuneException($"its value has {fill.Length} elements; 1 is needed");
                return (value?.DataType ?? ElementType.Float, values => Fill(ShapeFrom(values[0]), fill[0]));
            case "Range":
                return (inputs[0].Type, Range);
            case "ReduceProd":
                node.CheckInputs(1, 1);
                node.Attributes.Take("axes", AttributeType.Ints);
                bool keep = node.Attributes.Int("keepdims", 1, 0, 1) == 1;
                if (inputs[0].Shape.Rank > 1)
                    throw new SkiptuneException("only the product of a vector is supported");
                return (inputs[0].Type, values => new KnownTensor(keep ? new Shape(1) : new Shape([]), [values[0].Values.Aggregate(1.0, (a, b) => a * b)]));
            case "Gather":
                node.CheckInputs(2, 2);
                int axis = node.Axis("axis", 0, inputs[0].Shape.Rank);
                return (inputs[0].Type, values => Gather(axis, values));
            default:
                int type = KnownArithmetic.TypeOf(op, [.. inputs.Select(input => input.Type)]);
                return (type, values => KnownArithmetic.Apply(op, type, values));
        }
    }

    private static void Measure(NodeReader node, string op)
    {
        int start = node.Attributes.Int("start", 0, int.MinValue, int.MaxValue);
        int end = node.Attributes.Int("end", int.MaxValue, int.MinValue, int.MaxValue);
        node.Define(new KnownValue(ElementType.Int64, [.. node.ShapesOf(0).Select(shape =>
        {
            if (op == "Size")
                return new KnownTensor(new Shape([]), [shape.Count]);
            (int first, int count) = new SliceRange(0, start, end).On(shape.Rank);
            return new KnownTensor(new Shape(count), [.. shape.Extents.Skip(first).Take(count).Select(extent => (double)extent)]);
        })]));
    }

    private static KnownTensor Fill(Shape shape, double value)
    {
        double[] values = new double[shape.Count];
        Array.Fill(values, value);
        return new KnownTensor(shape, values);
    }

    private static Shape ShapeFrom(KnownTensor tensor)
    {
        double count = tensor.Values.Aggregate(1.0, (a, b) => a * b);
        if (tensor.Values.Length > TensorReader.MaxRank || tensor.Values.Any(extent => extent is < 0 or > KnownValue.MaxElements) || count > KnownValue.MaxElements)
            throw new SkiptuneException($"a constant of {string.Join('x', tensor.Values)} is not possible or too large");
        return new Shape([.. tensor.Values.Select(extent => (int)extent)]);
    }

    private static KnownTensor Range(KnownTensor[] inputs)
    {
        if (inputs.Length != 3 || inputs.Any(input => input.Values.Length != 1))
            throw new SkiptuneException("it needs a start, a limit and a step");
        (double start, double limit, double step) = (inputs[0].Values[0], inputs[1].Values[0], inputs[2].Values[0]);
        double count = Math.Max(0, Math.Ceiling((limit - start) / step));
        if (!(count <= KnownValue.MaxElements))
            throw new SkiptuneException($"a range from {start} to {limit} by {step} is not possible or too long");
        return new KnownTensor(new Shape((int)count), [.. Enumerable.Range(0, (int)count).Select(i => start + i * step)]);
    }

    private static KnownTensor Gather(int axis, KnownTensor[] inputs)
    {
        (Shape data, Shape indices) = (inputs[0].Shape, inputs[1].Shape);
        Shape shape = new([.. data.Extents[..axis], .. indices.Extents, .. data.Extents[(axis + 1)..]]);
        if (shape.Count > KnownValue.MaxElements)
            throw new SkiptuneException($"a constant of {shape} is too large to be computed at import");
        int inner = data.Product(axis + 1, data.Rank);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
        {
            (int outer, int rest) = Math.DivRem(i, indices.Count * inner);
            double index = inputs[1].Values[rest / inner];
            index = index < 0 ? index + data[axis] : index;
            if (!(index >= 0 && index < data[axis]))
                throw new SkiptuneException($"index {index} is outside an axis of {data[axis]}");
            values[i] = inputs[0].Values[(outer * data[axis] + (int)index) * inner + rest % inner];
        }
        return new KnownTensor(shape, values);
    }
}
