using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The part of one axis that a <see cref="Slice"/> takes, in the rules of ONNX (and NumPy).</summary>
/// <param name="Axis">The axis, from 0.</param>
/// <param name="Start">The first position; negative counts from the end; beyond either end is that end.</param>
/// <param name="End">The position before which to stop, by the same rules.</param>
/// <param name="Step">From one to the next; negative goes backwards, never 0.</param>
public readonly record struct SliceRange(int Axis, int Start, int End, int Step = 1)
{
    /// <summary>The first position and how many there are, on an axis of that extent.</summary>
    internal (int First, int Count) On(int extent)
    {
        long start = Start < 0 ? (long)Start + extent : Start;
        long end = End < 0 ? (long)End + extent : End;
        if (Step > 0)
        {
            (start, end) = (Math.Clamp(start, 0, extent), Math.Clamp(end, 0, extent));
            return ((int)start, (int)Math.Max(0, (end - start + Step - 1) / Step));
        }
        (start, end) = (Math.Clamp(start, 0, extent - 1), Math.Clamp(end, -1, extent - 1));
        return ((int)start, (int)Math.Max(0, (start - end - (long)Step - 1) / -(long)Step));
    }
}

/// <summary>Every so many-th element of parts of axes. ONNX Slice.</summary>
/// <param name="Ranges">The axes that are cut; each at most once.</param>
public sealed record Slice(ValueList<SliceRange> Ranges) : MovementOp
{
    /// <inheritdoc/>
    public override string Type => "Slice";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        int[] extents = [.. inputs[0].Extents];
        HashSet<int> seen = [];
        foreach (SliceRange range in Ranges)
        {
            if (range.Axis < 0 || range.Axis >= extents.Length || !seen.Add(range.Axis))
                throw new SkiptuneException($"Slice's axis {range.Axis} is outside an input of {inputs[0]}, or stands twice");
            if (range.Step == 0)
                throw new SkiptuneException("Slice cannot have a step of 0");
            extents[range.Axis] = range.On(extents[range.Axis]).Count;
        }
        return [new Shape(extents)];
    }

    internal override ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs)
    {
        AxisMap[] source = [.. AxisMaps.Whole(inputs[0])];
        foreach (SliceRange range in Ranges)
        {
            (int first, int count) = range.On(inputs[0][range.Axis]);
            int step = source[range.Axis].Step;
            // One element needs no step, which could be too large to multiply.
            source[range.Axis] = new AxisMap(count, first * step, count > 1 ? range.Step * step : step);
        }
        return [new CopyPiece(0, 0, [.. source], AxisMaps.Whole(outputs[0]))];
    }
}
