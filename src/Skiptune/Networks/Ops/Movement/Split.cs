using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Parts of the input along an axis, one an output. ONNX Split.</summary>
/// <param name="Axis">The axis, from 0.</param>
/// <param name="Sizes">The extents of the parts.</param>
public sealed record Split(int Axis, ValueList<int> Sizes) : MovementOp
{
    /// <inheritdoc/>
    public override string Type => "Split";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape x = inputs[0];
        if (Axis < 0 || Axis >= x.Rank)
            throw new SkiptuneException($"Split's axis {Axis} is outside an input of {x}");
        if (Sizes.Any(size => size < 1) || Sizes.Sum(size => (long)size) != x[Axis])
            throw new SkiptuneException($"Split cannot cut axis {Axis} of {x} into {Sizes}");
        return
        [
            .. Sizes.Select(size =>
            {
                int[] extents = [.. x.Extents];
                extents[Axis] = size;
                return new Shape(extents);
            }),
        ];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        int start = 0;
        return
        [
            .. outputs.Select((output, position) =>
            {
                CopyPiece piece = new(0, position, AxisRange.Of(inputs[0], Axis, start, output[Axis]), AxisMaps.Whole(output));
                start += output[Axis];
                return piece;
            }),
        ];
    }
}
