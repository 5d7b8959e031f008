using System.Globalization;

namespace Skiptune.Data;

/// <summary>Which columns of a CSV file are labels, and what the columns are called.</summary>
internal sealed class CsvColumns
{
    private readonly string[]? _names;
    private readonly bool[] _isLabel;

    private CsvColumns(int count, string[]? names, int[] labels)
    {
        Count = count;
        _names = names;
        Labels = labels;
        _isLabel = new bool[count];
        foreach (int label in labels)
            _isLabel[label] = true;
    }

    /// <summary>The number of columns.</summary>
    public int Count { get; }

    /// <summary>The positions of the label columns, in the order they were asked for.</summary>
    public int[] Labels { get; }

    /// <summary>Whether the first row holds names.</summary>
    public bool HasHeader => _names is not null;

    /// <summary>The columns of a sample.</summary>
    public int SampleLength => Count - Labels.Length;

    public bool IsLabel(int column) => _isLabel[column];

    /// <summary>A column for an error.</summary>
    public string Describe(int column) => _names is null ? $"column {column}" : $"column {column} ({ErrorText.Quote(_names[column])})";

    /// <summary>Finds out from the first row.</summary>
    public static CsvColumns Of(string path, string[] first, CsvOptions options)
    {
        string[] wanted = options.LabelColumns.IsDefaultOrEmpty
            ? options.Targets is TargetKind.Classes or TargetKind.Values ? ["-1"] : []
            : [.. options.LabelColumns];
        if (options.Targets == TargetKind.Classes && wanted.Length != 1)
            throw ErrorText.Of(path, $"cannot have {wanted.Length} label columns for classes; name one");

        int?[] positions = Array.ConvertAll(wanted, name => Position(name, first.Length));
        bool header = options.Header switch
        {
            CsvHeader.Present => true,
            CsvHeader.Absent => false,
            // A label column that is not a position can only be a name.
            _ => positions.Contains(null) || LooksLikeNames(path, first, positions),
        };
        int[] labels = new int[wanted.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            // A name comes before a position, for columns that are called 0, 1, 2.
            int named = header ? Array.IndexOf(first, wanted[i]) : -1;
            labels[i] = named >= 0 ? named : positions[i] ?? throw Missing(path, wanted[i], first, header);
        }
        if (labels.Distinct().Count() != labels.Length)
            throw ErrorText.Of(path, "a label column is given twice; name each once");
        return first.Length > labels.Length
            ? new CsvColumns(first.Length, header ? first : null, labels)
            : throw ErrorText.Of(path, $"has {first.Length} columns, all of them labels, so nothing is left for the samples; give the delimiter, or fewer label columns");
    }

    // A row of both is not guessed at: a damaged sample taken for names would be lost without a word.
    private static bool LooksLikeNames(string path, string[] first, int?[] labels)
    {
        int[] columns = [.. Enumerable.Range(0, first.Length).Where(column => !labels.Contains(column))];
        int names = columns.Count(column => !IsNumber(first[column]));
        return names == 0 || names == columns.Length
            ? names > 0
            : throw ErrorText.Of(path, $"has a first row with numbers and with text such as {ErrorText.Quote(first[columns.First(column => !IsNumber(first[column]))])}; say whether it is a header, or which column is the label");
    }

    private static int? Position(string name, int count)
    {
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int position))
            return null;
        if (position < 0)
            position += count;
        return position >= 0 && position < count ? position : null;
    }

    private static bool IsNumber(string cell) => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static SkiptuneException Missing(string path, string name, string[] first, bool header) => header
        ? ErrorText.Of(path, $"has no column {ErrorText.Quote(name)}, only {string.Join(", ", first.Take(8).Select(ErrorText.Quote))}; name one of its {first.Length} columns")
        : ErrorText.Of(path, $"has no column {ErrorText.Quote(name)} and no header; give a position, 0 to {first.Length - 1}");
}
