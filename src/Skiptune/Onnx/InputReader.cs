using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Reads the declared inputs of a graph: the first axis is the batch, the others must be fixed.</summary>
internal static class InputReader
{
    /// <summary>The inputs and, if the file is fixed to one batch size, that size.</summary>
    public static (ImmutableArray<GraphInput> Inputs, int? FixedBatch) Read(IEnumerable<ValueInfoProto> declared, OnnxReadOptions options)
    {
        ImmutableArray<GraphInput>.Builder inputs = ImmutableArray.CreateBuilder<GraphInput>();
        HashSet<int?> batches = [];
        OpenAxes open = new(options.Dimensions);
        foreach (ValueInfoProto input in declared)
        {
            if (input.Type?.TensorType is not { Shape: { } shape } type)
                throw Fail(input, "is not declared as a tensor with a shape");
            if (type.ElemType is not (ElementType.Float or ElementType.Int64 or ElementType.Int32))
                throw Fail(input, $"is of {ElementType.NameOf(type.ElemType)}; only float32, int32 and int64 are supported");
            bool isInteger = type.ElemType != ElementType.Float;
            if (options.FixedShapes && shape.Dim.Count <= TensorReader.MaxRank)
            {
                inputs.Add(new GraphInput(input.Name, ShapeFrom(input, shape, 0, open), isInteger) { HasBatch = false });
                continue;
            }
            if (shape.Dim.Count is < 2 or > TensorReader.MaxRank)
                throw Fail(input, $"has {shape.Dim.Count} axes; 2 to {TensorReader.MaxRank}, the first of them the batch, are supported");
            batches.Add(shape.Dim[0].DimValue is > 0 and <= int.MaxValue ? (int)shape.Dim[0].DimValue : null);
            inputs.Add(new GraphInput(input.Name, ShapeFrom(input, shape, 1, open), isInteger));
        }
        if (inputs.Count == 0)
            throw new SkiptuneException("the graph has no inputs");
        open.Check();
        return (inputs.ToImmutable(), batches.Count == 1 ? batches.Single() : null);
    }

    private static Shape ShapeFrom(ValueInfoProto input, TensorShapeProto shape, int firstAxis, OpenAxes open)
    {
        int[] extents = new int[shape.Dim.Count - firstAxis];
        long count = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            // A dimension that is a name, or absent, has the value 0.
            long extent = shape.Dim[axis + firstAxis].DimValue;
            if (extent < 1)
                extent = open.ExtentOf(input.Name, axis + firstAxis, shape.Dim[axis + firstAxis].DimParam);
            if (extent > ShapeInference.MaxSampleElements || (count *= extent) > ShapeInference.MaxSampleElements)
                throw Fail(input, $"has more than {ShapeInference.MaxSampleElements} elements a sample");
            extents[axis] = (int)extent;
        }
        return new Shape(extents);
    }

    private static SkiptuneException Fail(ValueInfoProto input, string problem) => new($"the input {ErrorText.Quote(input.Name)} {problem}");
}
