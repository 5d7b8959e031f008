using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The part of a tensor between two positions of one axis.</summary>
internal static class AxisRange
{
    public static ImmutableArray<AxisMap> Of(Shape shape, int axis, int start, int count)
    {
        ImmutableArray<AxisMap> whole = AxisMaps.Whole(shape);
        return whole.SetItem(axis, new AxisMap(count, start * whole[axis].Step, whole[axis].Step));
    }
}
