using System.Collections.Immutable;

namespace Skiptune.Data;

/// <summary>How to read a CSV file.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// Classes (the default): one label column. Values: one or more columns of numbers to learn. Input and None: there is
    /// no label column, every column is a part of the sample; columns named in <see cref="LabelColumns"/> are left out.
    /// </summary>
    public TargetKind Targets { get; init; } = TargetKind.Classes;

    /// <summary>
    /// The label columns, by name or by position (0 is the first, -1 the last); empty (the default) for the last column, or
    /// for none where <see cref="Targets"/> needs none.
    /// </summary>
    public ImmutableArray<string> LabelColumns { get; init; } = [];

    /// <summary>Whether the first row holds names; default <see cref="CsvHeader.Detect"/>.</summary>
    public CsvHeader Header { get; init; }

    /// <summary>What stands between columns; default a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>
    /// The class names in the order a model knows them. Empty (the default) for those of the file: if all are whole numbers
    /// from 0 on, they are the classes themselves, else they are numbered in ordinal order.
    /// </summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>The number of classes where they are whole numbers; null (the default) for the largest + 1.</summary>
    public int? ClassCount { get; init; }
}
