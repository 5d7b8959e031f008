using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The inputs one after the other along an axis. ONNX Concat.</summary>
/// <param name="Axis">The axis, from 0.</param>
public sealed record Concat(int Axis) : MovementOp
{
    /// <inheritdoc/>
    public override string Type => "Concat";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape first = inputs.IsEmpty ? default : inputs[0];
        if (Axis < 0 || Axis >= first.Rank)
            throw new SkiptuneException($"Concat's axis {Axis} is outside an input of {first}");
        int[] extents = [.. first.Extents];
        foreach (Shape shape in inputs.Skip(1))
        {
            if (shape.Rank != first.Rank || Enumerable.Range(0, first.Rank).Any(axis => axis != Axis && shape[axis] != first[axis]))
                throw new SkiptuneException($"Concat cannot put {first} and {shape} together along axis {Axis}");
            extents[Axis] = checked(extents[Axis] + shape[Axis]);
        }
        return [new Shape(extents)];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        int start = 0;
        return
        [
            .. inputs.Select((input, position) =>
            {
                CopyPiece piece = new(position, 0, AxisMaps.Whole(input), AxisRange.Of(outputs[0], Axis, start, input[Axis]));
                start += input[Axis];
                return piece;
            }),
        ];
    }
}
