using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>An operator that keeps the values and changes the shape.</summary>
public abstract record ReshapeOp : Op
{
    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound(BindContext context) : BoundOp
    {
        public override void Forward() => context.Input(0).Span.CopyTo(context.Outputs[0].Span);

        public override void Backward() => context.InputGradients[0]?.Add(context.Kernels, context.OutputGradients[0]!.Span, 1);
    }
}

/// <summary>Two axes: those before <paramref name="Axis"/> and the others. ONNX Flatten.</summary>
/// <param name="Axis">The first axis of the second part; default 1, which keeps the batch.</param>
public sealed record Flatten(int Axis = 1) : ReshapeOp
{
    /// <inheritdoc/>
    public override string Type => "Flatten";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        int rank = inputs[0].Rank;
        int axis = Axis < 0 ? Axis + rank : Axis;
        if (axis < 0 || axis > rank)
            throw new SkiptuneException($"Flatten's axis {Axis} is outside an input of {inputs[0]}");
        return [new Shape(inputs[0].Product(0, axis), inputs[0].Product(axis, rank))];
    }
}

/// <summary>Another shape. ONNX Reshape with a constant shape.</summary>
/// <param name="Target">The extents: 0 keeps the input's, one -1 takes what is left.</param>
public sealed record Reshape(ValueList<int> Target) : ReshapeOp
{
    /// <inheritdoc/>
    public override string Type => "Reshape";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        int[] extents = [.. Target];
        long known = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (extents[axis] == 0 && axis < inputs[0].Rank)
                extents[axis] = inputs[0][axis];
            if (extents[axis] != -1)
                known *= extents[axis];
        }
        int open = Array.IndexOf(extents, -1);
        if (open >= 0 && known > 0)
            extents[open] = (int)(inputs[0].Count / known);
        if (Array.LastIndexOf(extents, -1) != -1 || extents.Any(extent => extent < 0) || extents.Aggregate(1L, (a, b) => a * b) != inputs[0].Count)
            throw new SkiptuneException($"Reshape cannot turn {inputs[0]} into {string.Join('x', Target)}");
        return [new Shape(extents)];
    }
}
