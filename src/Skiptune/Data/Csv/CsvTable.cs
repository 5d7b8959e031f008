using System.Globalization;
using System.Runtime.InteropServices;
using CsvHelper;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Takes in the rows of a CSV file.</summary>
internal sealed class CsvTable(string path, CsvOptions options, Spool samples)
{
    private readonly List<float> _targets = [];
    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly List<int> _labels = [];
    private CsvColumns _columns = null!;
    private float[] _sample = [];
    private byte[] _bytes = [];
    private int _rows;

    /// <summary>Takes in all rows: the samples go where they are kept.</summary>
    /// <returns>The values of a sample, and what is known of the samples.</returns>
    public (int Length, Targets Targets) Read(IParser parser)
    {
        if (!parser.Read())
            throw ErrorText.Of(path, "is empty; give a file with one sample a line");
        _columns = CsvColumns.Of(path, parser.Record!, options);
        _sample = new float[_columns.SampleLength];
        _bytes = new byte[sizeof(float) * _sample.Length];
        if (!_columns.HasHeader)
            Add(parser);
        while (parser.Read())
            Add(parser);
        if (_rows == 0)
            throw ErrorText.Of(path, "has a header, but no rows; give a file with one sample a line");
        return (_sample.Length, MakeTargets());
    }

    private void Add(IParser parser)
    {
        if (parser.Count != _columns.Count)
            throw ErrorText.Of(path, $"line {parser.RawRow} has {parser.Count} columns, but the first has {_columns.Count}; correct the line, or give the delimiter");
        if (_rows == int.MaxValue || _targets.Count > Shape.MaxElements - _columns.Labels.Length)
            throw ErrorText.Of(path, $"has more rows than the {int.MaxValue} that are supported, or more than {Shape.MaxElements} numbers to learn; cut it into several files");
        int at = 0;
        for (int column = 0; column < _columns.Count; column++)
        {
            if (!_columns.IsLabel(column))
                _sample[at++] = Number(parser, column);
        }
        LittleEndian.Write(_sample, _bytes);
        samples.Write(_bytes);
        foreach (int column in _columns.Labels)
            AddTarget(parser, column);
        _rows++;
    }

    private void AddTarget(IParser parser, int column)
    {
        if (options.Targets == TargetKind.Values)
            _targets.Add(Number(parser, column));
        else if (options.Targets == TargetKind.Classes)
        {
            string name = parser[column];
            if (name.Length == 0)
                throw ErrorText.Of(path, $"line {parser.RawRow}, {_columns.Describe(column)} has no label; correct the line");
            if (!_classes.TryGetValue(name, out int found))
            {
                if (_classes.Count == ClassNameMap.MaxClasses)
                    throw ErrorText.Of(path, $"{_columns.Describe(column)} has more than {ClassNameMap.MaxClasses} different labels; give another label column, or learn its numbers by regression");
                found = _classes.Count;
                _classes.Add(name, found);
            }
            _labels.Add(found);
        }
    }

    private float Number(IParser parser, int column)
    {
        string cell = parser[column];
        if (!float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float number))
            throw ErrorText.Of(path, $"line {parser.RawRow}, {_columns.Describe(column)} holds {ErrorText.Quote(cell)}, which is no number; correct it, or say which column is the label");
        return float.IsFinite(number)
            ? number
            : throw ErrorText.Of(path, $"line {parser.RawRow}, {_columns.Describe(column)} holds {ErrorText.Quote(cell)}, which is NaN or infinite as float32; clean the data before use");
    }

    private Targets MakeTargets() => options.Targets switch
    {
        TargetKind.Classes => ClassNameMap.Map(
            path, [.. _classes.OrderBy(pair => pair.Value).Select(pair => pair.Key)], CollectionsMarshal.AsSpan(_labels), options.ClassNames, numbers: true, options.ClassCount),
        TargetKind.Values => Targets.Values(new Tensor(new Shape(_rows, _columns.Labels.Length), CollectionsMarshal.AsSpan(_targets))),
        TargetKind.Input => Targets.Input(_rows),
        _ => Targets.None(_rows),
    };
}
