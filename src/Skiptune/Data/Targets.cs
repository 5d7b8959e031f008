using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>What is known of each sample of a data set: a class, a vector, the sample itself, or nothing. Immutable.</summary>
public sealed class Targets
{
    private readonly int[] _labels;
    private readonly Tensor? _values;

    // Which rows of the shared values are meant; null for all of them, in order.
    private readonly int[]? _rows;

    private Targets(TargetKind kind, int count, int[] labels, Tensor? values = null, int[]? rows = null)
    {
        Kind = kind;
        Count = count;
        _labels = labels;
        _values = values;
        _rows = rows;
    }

    /// <summary>What is known.</summary>
    public TargetKind Kind { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>The number of classes; 0 for kinds without classes.</summary>
    public int ClassCount { get; private init; }

    /// <summary>The names of the classes, in the order of their numbers; empty if they have none.</summary>
    public ImmutableArray<string> ClassNames { get; private init; } = [];

    /// <summary>The class of each sample, or of each place of each sample; empty for kinds without classes.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The places of a sample that have a class; 0 unless <see cref="Kind"/> is <see cref="TargetKind.Sequences"/>.</summary>
    public int Places { get; private init; }

    /// <summary>The numbers of one sample's vector; 0 unless <see cref="Kind"/> is <see cref="TargetKind.Values"/>.</summary>
    public int Length => _values?.Shape.RowCount ?? 0;

    /// <summary>Nothing is known.</summary>
    /// <param name="count">The number of samples.</param>
    public static Targets None(int count) => new(TargetKind.None, count, []);

    /// <summary>Each sample is its own target.</summary>
    /// <param name="count">The number of samples.</param>
    public static Targets Input(int count) => new(TargetKind.Input, count, []);

    /// <summary>One class a sample.</summary>
    /// <param name="labels">Classes 0 .. <paramref name="classCount"/> - 1; copied.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <param name="classNames">As many names, or nothing.</param>
    /// <exception cref="SkiptuneException">A label is out of range, or there are more or fewer names than classes.</exception>
    public static Targets Classes(ReadOnlySpan<int> labels, int classCount, ImmutableArray<string> classNames = default)
    {
        LabelCheck.Run("the data set", labels, classCount);
        if (classNames.IsDefault)
            classNames = [];
        if (classNames.Length != 0 && classNames.Length != classCount)
            throw new SkiptuneException($"the data set: {classNames.Length} names do not fit {classCount} classes; give one for each class or none");
        return new Targets(TargetKind.Classes, labels.Length, labels.ToArray()) { ClassCount = classCount, ClassNames = classNames };
    }

    /// <summary>A class for each place of a sequence.</summary>
    /// <param name="labels">
    /// A class 0 .. <paramref name="classCount"/> - 1 for each place of each sample, or -1 where nothing is to be learnt; copied.
    /// </param>
    /// <param name="places">The places of a sample, at least 1; the labels are a multiple of them.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="SkiptuneException">A label is out of range, the labels fill no whole samples, or none is to be learnt.</exception>
    public static Targets Sequences(ReadOnlySpan<int> labels, int places, int classCount)
    {
        if (places < 1 || classCount < 1 || labels.Length % places != 0)
            throw new SkiptuneException($"{labels.Length} labels do not fill sequences of {places}");
        bool any = false;
        foreach (int label in labels)
        {
            if (label < -1 || label >= classCount)
                throw new SkiptuneException($"the data set: the class {label} is not one of 0..{classCount - 1}, nor -1 for none");
            any |= label >= 0;
        }
        if (!any)
            throw new SkiptuneException("the data set has no place with a class to learn");
        return new Targets(TargetKind.Sequences, labels.Length / places, labels.ToArray()) { ClassCount = classCount, Places = places };
    }

    /// <summary>A vector a sample.</summary>
    /// <param name="values">N x length (other axes are flattened), every value finite; not copied, and must not change from then on.</param>
    /// <exception cref="SkiptuneException">The tensor has no batch axis or no values, or a value is NaN or infinite.</exception>
    public static Targets Values(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Shape.Rank == 0 || values.Shape.Count == 0)
            throw new SkiptuneException($"targets of {values.Shape} hold no vector a sample; give count x length");
        int length = values.Shape.RowCount;
        int bad = values.Span.IndexOfNotFinite();
        if (bad >= 0)
            throw new SkiptuneException($"the targets: row {bad / length} has a value that is NaN or infinite; clean the data before use");
        return new Targets(TargetKind.Values, values.Shape[0], [], values);
    }

    /// <summary>The targets of some samples, in the given order.</summary>
    /// <param name="rows">Samples, each 0 .. <see cref="Count"/> - 1; kept, not copied.</param>
    internal Targets Select(int[] rows) => Kind switch
    {
        TargetKind.Classes => new(Kind, rows.Length, Array.ConvertAll(rows, row => _labels[row])) { ClassCount = ClassCount, ClassNames = ClassNames },
        TargetKind.Values => new(Kind, rows.Length, [], _values, _rows is null ? rows : Array.ConvertAll(rows, row => _rows[row])),
        TargetKind.Sequences => new(Kind, rows.Length, [.. rows.SelectMany(row => _labels.AsSpan(row * Places, Places).ToArray())]) { ClassCount = ClassCount, Places = Places },
        _ => new(Kind, rows.Length, []),
    };

    /// <summary>The vector of a sample.</summary>
    internal ReadOnlySpan<float> ValuesOf(int sample)
    {
        int row = _rows is null ? sample : _rows[sample];
        return _values!.Span.Slice(row * Length, Length);
    }
}
