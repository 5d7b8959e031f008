using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A box of elements that goes from an input to an output, each axis by its own map on either side. All operators that
/// only move data are lists of such boxes.
/// </summary>
internal sealed class CopyPiece
{
    private readonly AxisMap[] _source;
    private readonly AxisMap[] _target;
    private readonly AxisMap _sourceRow;
    private readonly AxisMap _targetRow;
    private readonly bool _contiguous;

    /// <summary>Describes a box; the axes of both sides have the same extents, outermost first.</summary>
    /// <param name="input">The position of the input it is read from.</param>
    /// <param name="output">The position of the output it is written to.</param>
    /// <param name="source">Where its elements lie in the input.</param>
    /// <param name="target">Where they lie in the output; no holes.</param>
    public CopyPiece(int input, int output, ImmutableArray<AxisMap> source, ImmutableArray<AxisMap> target)
    {
        Input = input;
        Output = output;
        List<AxisMap> from = [];
        List<AxisMap> to = [];
        for (int axis = 0; axis < source.Length; axis++)
        {
            if (from.Count > 0 && from[^1].Continues(source[axis]) && to[^1].Continues(target[axis]))
            {
                from[^1] = from[^1].Join(source[axis]);
                to[^1] = to[^1].Join(target[axis]);
            }
            else
            {
                from.Add(source[axis]);
                to.Add(target[axis]);
            }
        }
        if (from.Count == 0)
        {
            from.Add(new AxisMap(1, 0, 1));
            to.Add(new AxisMap(1, 0, 1));
        }
        (_sourceRow, _targetRow) = (from[^1], to[^1]);
        _source = [.. from.SkipLast(1)];
        _target = [.. to.SkipLast(1)];
        Rows = _source.Aggregate(1, (rows, axis) => rows * axis.Extent);
        IsWeighted = from.Any(axis => axis.Weights is not null);
        _contiguous = _sourceRow is { Table: null, Step: 1, Weights: null } && _targetRow is { Table: null, Step: 1 };
    }

    public int Input { get; }

    public int Output { get; }

    /// <summary>The rows: elements of all axes but the last.</summary>
    public int Rows { get; }

    /// <summary>The elements of a row.</summary>
    public int Width => _sourceRow.Extent;

    public bool IsWeighted { get; }

    /// <summary>Copies some rows; holes become <paramref name="fill"/>.</summary>
    public void Copy<T>(ReadOnlySpan<T> from, Span<T> to, T fill, int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            bool hole = !Locate(row, out int source, out int target, out _);
            if (_contiguous && !hole)
            {
                from.Slice(source + _sourceRow.Start, Width).CopyTo(to[(target + _targetRow.Start)..]);
                continue;
            }
            for (int i = 0; i < Width; i++)
            {
                int at = hole ? AxisMap.Hole : _sourceRow[i];
                to[target + _targetRow[i]] = at < 0 ? fill : from[source + at];
            }
        }
    }

    /// <summary>Adds the weighted elements of some rows.</summary>
    public void Accumulate(ReadOnlySpan<float> from, Span<float> to, int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            if (!Locate(row, out int source, out int target, out float weight))
                continue;
            for (int i = 0; i < Width; i++)
            {
                int at = _sourceRow[i];
                if (at >= 0)
                    to[target + _targetRow[i]] += weight * WeightAt(i) * from[source + at];
            }
        }
    }

    /// <summary>The transpose of the copy: adds to each element of the input the gradients of all its copies.</summary>
    public void Scatter(ReadOnlySpan<float> gradient, Span<float> input)
    {
        for (int row = 0; row < Rows; row++)
        {
            if (!Locate(row, out int source, out int target, out float weight))
                continue;
            for (int i = 0; i < Width; i++)
            {
                int at = _sourceRow[i];
                if (at >= 0)
                    input[source + at] += weight * WeightAt(i) * gradient[target + _targetRow[i]];
            }
        }
    }

    // Where a row starts on both sides, without its last axis; false if it lies in a hole.
    private bool Locate(int row, out int source, out int target, out float weight)
    {
        (source, target, weight) = (0, 0, 1);
        bool there = true;
        for (int axis = _source.Length - 1; axis >= 0; axis--)
        {
            AxisMap map = _source[axis];
            (row, int index) = Math.DivRem(row, map.Extent);
            int at = map[index];
            there &= at >= 0;
            source += at;
            target += _target[axis][index];
            if (map.Weights is { } weights)
                weight *= weights[index];
        }
        return there;
    }

    private float WeightAt(int index) => _sourceRow.Weights is { } weights ? weights[index] : 1;
}

/// <summary>Maps of whole tensors to start from.</summary>
internal static class AxisMaps
{
    /// <summary>The elements of a tensor in their order.</summary>
    public static ImmutableArray<AxisMap> Whole(Shape shape)
    {
        AxisMap[] maps = new AxisMap[shape.Rank];
        for (int axis = shape.Rank - 1, step = 1; axis >= 0; step *= shape[axis], axis--)
            maps[axis] = new AxisMap(shape[axis], 0, step);
        return [.. maps];
    }

    /// <summary>A tensor repeated along its axes of extent 1, and in front, to a larger shape.</summary>
    public static ImmutableArray<AxisMap> Broadcast(Shape from, Shape to)
    {
        ImmutableArray<AxisMap> whole = Whole(from);
        int added = to.Rank - from.Rank;
        return [.. Enumerable.Range(0, to.Rank).Select(axis => axis < added || from[axis - added] != to[axis] ? new AxisMap(to[axis], 0, 0) : whole[axis - added])];
    }

    /// <summary>One axis that reads the positions named; a hole where there is none.</summary>
    public static AxisMap Pick(this AxisMap axis, int[] positions, float[]? weights = null) =>
        new(positions.Length, 0, 0, [.. positions.Select(at => at < 0 ? AxisMap.Hole : axis[at])], weights);
}
