using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What stands beyond the edge.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The elements before the edge, mirrored without the edge itself.</summary>
    Reflect,

    /// <summary>The element at the edge.</summary>
    Edge,

    /// <summary>The elements from the other end.</summary>
    Wrap,
}

/// <summary>More elements (or fewer, where a number is negative) before and after each axis. ONNX Pad.</summary>
/// <param name="Before">For each axis, the elements before.</param>
/// <param name="After">For each axis, the elements after.</param>
/// <param name="Mode">What they are.</param>
/// <param name="Value">What they are in <see cref="PadMode.Constant"/>.</param>
public sealed record Pad(ValueList<int> Before, ValueList<int> After, PadMode Mode = PadMode.Constant, float Value = 0) : MovementOp
{
    /// <inheritdoc/>
    public override string Type => "Pad";

    internal override float Fill => Value;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Shape x = inputs[0];
        if (Before.Count != x.Rank || After.Count != x.Rank)
            throw new SkiptuneException($"Pad has numbers for {Before.Count} axes, but its input is {x}");
        int[] extents = new int[x.Rank];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            int most = Math.Max(Before[axis], After[axis]);
            if (Mode == PadMode.Reflect && most >= x[axis])
                throw new SkiptuneException($"Pad cannot mirror {most} elements of axis {axis} of {x}");
            extents[axis] = checked(x[axis] + Before[axis] + After[axis]);
        }
        return [new Shape(extents)];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        AxisMap[] source = [.. AxisMaps.Whole(inputs[0])];
        for (int axis = 0; axis < source.Length; axis++)
        {
            if ((Before[axis], After[axis]) == (0, 0))
                continue;
            int extent = inputs[0][axis];
            int before = Before[axis];
            source[axis] = source[axis].Pick([.. Enumerable.Range(0, outputs[0][axis]).Select(i => Position(i - before, extent))]);
        }
        return [new CopyPiece(0, 0, [.. source], AxisMaps.Whole(outputs[0]))];
    }

    private int Position(int at, int extent) => Mode switch
    {
        _ when at >= 0 && at < extent => at,
        PadMode.Reflect => at < 0 ? -at : 2 * (extent - 1) - at,
        PadMode.Edge => Math.Clamp(at, 0, extent - 1),
        PadMode.Wrap => (at % extent + extent) % extent,
        _ => AxisMap.Hole,
    };
}
