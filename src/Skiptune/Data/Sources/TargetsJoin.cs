using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Puts the targets of several data sets one after the other.</summary>
internal static class TargetsJoin
{
    /// <summary>The targets of all samples; the sets have targets of one kind.</summary>
    public static Targets Of(DataSet[] sets, int count, int classes)
    {
        Targets first = sets[0].Targets;
        switch (first.Kind)
        {
            case TargetKind.Classes:
                int[] labels = new int[count];
                int at = 0;
                foreach (DataSet set in sets)
                {
                    set.Labels.CopyTo(labels.AsSpan(at));
                    at += set.Count;
                }
                return Targets.Classes(labels, classes, first.ClassNames);
            case TargetKind.Values:
                return Targets.Values(Values(sets, count, first.Length));
            case TargetKind.Input:
                return Targets.Input(count);
            default:
                return Targets.None(count);
        }
    }

    private static Tensor Values(DataSet[] sets, int count, int length)
    {
        if (Array.Find(sets, set => set.TargetLength != length) is { } other)
            throw new SkiptuneException($"the files have target vectors of {length} and of {other.TargetLength} numbers; put only files that belong together in a folder");
        if ((long)count * length > Shape.MaxElements)
            throw new SkiptuneException($"{count} target vectors of {length} numbers are more than the {Shape.MaxElements} numbers allowed; use fewer files");
        Tensor values = new(new Shape(count, length));
        int row = 0;
        foreach (DataSet set in sets)
        {
            for (int i = 0; i < set.Count; i++, row++)
                set.ReadTargets(new ReadOnlySpan<int>(in i), values.Rows(row, 1).Span);
        }
        return values;
    }
}
