using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>NumPy's rules for values of different shapes: aligned at the last axis, extents of 1 are repeated.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that all the values take.</summary>
    /// <exception cref="SkiptuneException">There is none.</exception>
    public static Shape Infer(string op, params ReadOnlySpan<Shape> shapes)
    {
        int rank = 0;
        foreach (Shape shape in shapes)
            rank = Math.Max(rank, shape.Rank);
        int[] extents = new int[rank];
        Array.Fill(extents, 1);
        foreach (Shape shape in shapes)
        {
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                ref int extent = ref extents[rank - shape.Rank + axis];
                if (extent != 1 && shape[axis] != 1 && extent != shape[axis])
                    throw new SkiptuneException($"{op} cannot bring {string.Join(" and ", shapes.ToArray())} to one shape");
                if (extent == 1)
                    extent = shape[axis];
            }
        }
        return new Shape(extents);
    }
}
