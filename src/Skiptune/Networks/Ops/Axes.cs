using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Axes as operators name them: counted from the front, or from the end if negative.</summary>
internal static class Axes
{
    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="SkiptuneException">The shape has no such axis.</exception>
    public static int Normalize(string op, int axis, Shape shape)
    {
        if (axis < -shape.Rank || axis >= shape.Rank)
            throw new SkiptuneException($"{op}'s axis {axis} is outside an input of {shape}");
        return axis < 0 ? axis + shape.Rank : axis;
    }

    /// <summary>True for each axis of the shape that is listed; all of them if none is.</summary>
    public static bool[] Mark(string op, ValueList<int> axes, Shape shape)
    {
        bool[] marked = new bool[shape.Rank];
        marked.AsSpan().Fill(axes.Count == 0);
        foreach (int axis in axes)
            marked[Normalize(op, axis, shape)] = true;
        return marked;
    }
}
