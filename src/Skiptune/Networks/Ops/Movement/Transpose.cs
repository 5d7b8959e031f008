using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The axes in another order. ONNX Transpose.</summary>
/// <param name="Order">For each axis of the output, the axis of the input.</param>
public sealed record Transpose(ValueList<int> Order) : MovementOp
{
    /// <inheritdoc/>
    public override string Type => "Transpose";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape x = inputs[0];
        if (!Order.Order().SequenceEqual(Enumerable.Range(0, x.Rank)))
            throw new SkiptuneException($"Transpose cannot put the axes of {x} into the order {Order}");
        return [new Shape([.. Order.Select(axis => x[axis])])];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        ImmutableArray<AxisMap> whole = AxisMaps.Whole(inputs[0]);
        return [new CopyPiece(0, 0, [.. Order.Select(axis => whole[axis])], AxisMaps.Whole(outputs[0]))];
    }
}
