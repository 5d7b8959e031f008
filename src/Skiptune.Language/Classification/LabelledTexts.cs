using System.Collections.Immutable;
using Skiptune.Data;

namespace Skiptune.Language.Classification;

/// <summary>Texts and perhaps their labels, in the order of a file.</summary>
/// <param name="Name">The file, for errors.</param>
/// <param name="Texts">The texts, at least one.</param>
/// <param name="Labels">As many labels, or none.</param>
public sealed record LabelledTexts(string Name, ImmutableArray<string> Texts, ImmutableArray<string> Labels)
{
    /// <summary>Reads a file: .csv (RFC 4180 with a header), .jsonl (an object a line), or else a text a line, without labels.</summary>
    /// <param name="path">The file, in UTF-8.</param>
    /// <param name="columns">Which columns or members are meant.</param>
    /// <exception cref="SkiptuneException">It cannot be read, is empty, or a line of it is not as it should be; the error names the line.</exception>
    public static LabelledTexts Open(string path, TextColumns columns)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(columns);
        return LabelledTextFile.Read(path, columns);
    }

    /// <summary>Some of the texts, evenly over the file: a file may be sorted by label.</summary>
    /// <param name="count">How many, at least 1; all of them if there are fewer.</param>
    public LabelledTexts Evenly(int count) => count >= Texts.Length ? this : Select([.. Enumerable.Range(0, count).Select(i => (int)((long)i * Texts.Length / count))]);

    /// <summary>Two parts: a share is held back, evenly over the file.</summary>
    /// <param name="share">0 up to but not 1.</param>
    /// <returns>The rest, and what is held back; null if that is nothing.</returns>
    /// <exception cref="SkiptuneException">The share is out of range.</exception>
    public (LabelledTexts Train, LabelledTexts? Held) Split(double share)
    {
        if (!(share >= 0 && share < 1))
            throw new SkiptuneException($"the share that is held back must be 0 up to but not 1, not {share}");
        ILookup<bool, int> held = Enumerable.Range(0, Texts.Length).ToLookup(row => Math.Floor((row + 1) * share) > Math.Floor(row * share));
        return held[true].Any() ? (Select([.. held[false]]), Select([.. held[true]])) : (this, null);
    }

    internal Targets ToTargets(ImmutableArray<string> classNames)
    {
        if (Labels.IsEmpty)
            throw ErrorText.Of(Name, "has no labels; name their column with --label-column");
        Dictionary<string, int> classes = new(StringComparer.Ordinal);
        int[] found = new int[Labels.Length];
        for (int i = 0; i < found.Length; i++)
        {
            if (!classes.TryGetValue(Labels[i], out found[i]))
                classes.Add(Labels[i], found[i] = classes.Count);
        }
        if (classes.Count > ClassNameMap.MaxClasses)
            throw ErrorText.Of(Name, $"has {classes.Count} different labels, more than the {ClassNameMap.MaxClasses} that are supported; name another column");
        if (classes.Count < 2 && classNames.IsDefaultOrEmpty)
            throw ErrorText.Of(Name, $"has the label {ErrorText.Quote(Labels[0])} alone; there is nothing to tell apart");
        return ClassNameMap.Map(Name, [.. classes.OrderBy(pair => pair.Value).Select(pair => pair.Key)], found, classNames, numbers: false, classCount: null);
    }

    internal LabelledTexts Select(int[] rows) => this with { Texts = [.. rows.Select(row => Texts[row])], Labels = Labels.IsEmpty ? [] : [.. rows.Select(row => Labels[row])] };
}

/// <summary>The columns of a CSV file, or the members of a line of JSON.</summary>
/// <param name="Text">That of the text; default "text".</param>
/// <param name="Label">That of the label; default null: "label", or else the only one beside the text.</param>
public sealed record TextColumns(string Text = "text", string? Label = null)
{
    /// <summary>The position of the label among names, or -1 if there is none.</summary>
    internal int LabelAmong(IReadOnlyList<string> names)
    {
        int at = names.ToList().IndexOf(Label ?? "label");
        return at < 0 && Label is null && names.Count == 2 ? 1 - names.ToList().IndexOf(Text) : at;
    }
}
