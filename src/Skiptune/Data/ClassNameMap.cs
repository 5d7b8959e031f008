using System.Collections.Immutable;
using System.Globalization;

namespace Skiptune.Data;

/// <summary>Turns class names into the numbers 0, 1, ... in ordinal order, the same on every machine.</summary>
internal static class ClassNameMap
{
    /// <summary>More classes than this are a column of numbers taken for one of classes.</summary>
    public const int MaxClasses = 65_536;

    /// <summary>The targets of samples whose classes are known by name.</summary>
    /// <param name="name">The file, for errors.</param>
    /// <param name="classes">The names as they were found.</param>
    /// <param name="found">For each sample the position of its name in <paramref name="classes"/>.</param>
    /// <param name="known">The names in the order a model knows them, or nothing.</param>
    /// <param name="numbers">Whether names that are all whole numbers from 0 on are the classes themselves.</param>
    /// <param name="classCount">The number of classes where names are numbers; null for the largest + 1.</param>
    public static Targets Map(
        string name, IReadOnlyList<string> classes, ReadOnlySpan<int> found, ImmutableArray<string> known, bool numbers, int? classCount)
    {
        if (known.IsDefaultOrEmpty && numbers && Numbers(classes) is { } direct)
        {
            int count = classCount ?? direct.Max() + 1;
            int[] labels = Apply(direct, found);
            LabelCheck.Run(name, labels, count);
            return Targets.Classes(labels, count);
        }
        ImmutableArray<string> ordered = known.IsDefaultOrEmpty ? [.. classes.Order(StringComparer.Ordinal)] : known;
        if (classCount is { } wanted && wanted != ordered.Length)
            throw ErrorText.Of(name, $"has {ordered.Length} classes by name, but {wanted} are wanted; give the names of all {wanted}");
        Dictionary<string, int> positions = new(StringComparer.Ordinal);
        for (int i = 0; i < ordered.Length; i++)
        {
            if (!positions.TryAdd(ordered[i], i))
                throw ErrorText.Of(name, $"the class name {ErrorText.Quote(ordered[i])} is given twice; give each once");
        }
        int[] map = new int[classes.Count];
        for (int i = 0; i < map.Length; i++)
        {
            if (!positions.TryGetValue(classes[i], out map[i]))
                throw ErrorText.Of(name, $"has the class {ErrorText.Quote(classes[i])}, which is none of the {ordered.Length} known ones; correct it or give all class names");
        }
        return Targets.Classes(Apply(map, found), ordered.Length, ordered);
    }

    private static int[] Apply(int[] map, ReadOnlySpan<int> found)
    {
        int[] labels = new int[found.Length];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = map[found[i]];
        return labels;
    }

    private static int[]? Numbers(IReadOnlyList<string> names)
    {
        int[] numbers = new int[names.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(names[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] >= MaxClasses)
                return null;
        }
        return numbers.Length == 0 ? null : numbers;
    }
}
