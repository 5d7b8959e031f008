using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Without some axes of extent 1. ONNX Squeeze.</summary>
/// <param name="Axes">The axes of the input, from 0, ascending.</param>
public sealed record Squeeze(ValueList<int> Axes) : ReshapeOp
{
    /// <inheritdoc/>
    public override string Type => "Squeeze";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape x = inputs[0];
        if (Axes.Any(axis => axis < 0 || axis >= x.Rank || x[axis] != 1))
            throw new SkiptuneException($"Squeeze cannot leave out the axes {Axes} of {x}");
        return [new Shape([.. Enumerable.Range(0, x.Rank).Where(axis => !Axes.Contains(axis)).Select(axis => x[axis])])];
    }
}

/// <summary>With more axes of extent 1. ONNX Unsqueeze.</summary>
/// <param name="Axes">The new axes as the output counts them, from 0, ascending.</param>
public sealed record Unsqueeze(ValueList<int> Axes) : ReshapeOp
{
    /// <inheritdoc/>
    public override string Type => "Unsqueeze";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        int rank = inputs[0].Rank + Axes.Count;
        if (Axes.Any(axis => axis < 0 || axis >= rank) || Axes.Distinct().Count() != Axes.Count)
            throw new SkiptuneException($"Unsqueeze cannot add the axes {Axes} to {inputs[0]}");
        int next = 0;
        int[] extents = new int[rank];
        for (int axis = 0; axis < rank; axis++)
            extents[axis] = Axes.Contains(axis) ? 1 : inputs[0][next++];
        return [new Shape(extents)];
    }
}
