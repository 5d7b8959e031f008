using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>
/// Makes samples of lines: JSON, an object such as <c>{"x": [0.1, 2], "label": 1, "id": "a7", "time": "2026-01-31T12:00:00Z"}</c> or the
/// array of values alone, or CSV with or without a header. What cannot be read becomes a sample with its problem, never an
/// exception: a sensor that sends nonsense must not end the watch.
/// </summary>
/// <param name="values">The values of a sample.</param>
/// <param name="classNames">Names that labels may have, in the order of the classes; empty for numbers only.</param>
public sealed class SampleParser(int values, ImmutableArray<string> classNames = default)
{
    private const string Values = "x";
    private const string Label = "label";
    private const string Id = "id";
    private const string Time = "time";

    /// <summary>Longer ids are refused.</summary>
    private const int LongestId = 200;

    private static readonly JsonReaderOptions s_json = new() { MaxDepth = 4 };

    private string?[]? _columns; // what a CSV column is: label, id, time, or null for a value
    private int _columnsSeen;

    /// <summary>The most bytes of a line: enough for the values written out at length.</summary>
    public int LongestLine { get; } = (int)Math.Min(64 << 20, 64L * values + 4096);

    /// <summary>True if the line is a header of CSV with a column for each value, which is remembered; ask for the first line of a source.</summary>
    /// <param name="line">The line, without its end.</param>
    public bool TakeHeader(ReadOnlySpan<byte> line)
    {
        if (IsJson(line))
            return false;
        string[] cells = [.. Cells(line).Select(cell => cell.ToLowerInvariant())];
        string?[] columns = [.. cells.Select(cell => cell is Label or Id or Time ? cell : null)];
        int named = columns.Count(column => column is null);
        // Late labels may come in a table of their own.
        bool fits = named == values || (named == 0 && columns.Contains(Id) && columns.Contains(Label));
        if (cells.All(IsNumberOrEmpty) || !fits)
            return false;
        _columns = columns;
        _columnsSeen = cells.Length;
        return true;
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">UTF-8, without its end.</param>
    /// <param name="source">The source, for the sample.</param>
    /// <returns>The sample, or one with its problem; null for a blank line.</returns>
    public StreamSample? Parse(ReadOnlySpan<byte> line, string source)
    {
        if (line.Trim(" \t\r"u8).IsEmpty)
            return null;
        try
        {
            return (IsJson(line) ? Json(line) : Csv(line)) with { Source = source };
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return Unreadable(exception.Message, source);
        }
    }

    /// <summary>A sample that stands for a line longer than <see cref="LongestLine"/>.</summary>
    public StreamSample TooLong(string source) => Unreadable($"a line of more than {LongestLine} bytes", source);

    private static StreamSample Unreadable(string problem, string source) => new() { Problem = ErrorLine.Of(problem), Source = source };

    private static bool IsJson(ReadOnlySpan<byte> line) => line.TrimStart(" \t"u8) is [(byte)'{' or (byte)'[', ..];

    private StreamSample Json(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line, s_json);
        reader.Read();
        StreamSample sample = reader.TokenType == JsonTokenType.StartArray ? new StreamSample { Features = ReadValues(ref reader) } : Object(ref reader);
        if (reader.Read())
            throw new FormatException("more than one JSON value on a line");
        return sample;
    }

    private StreamSample Object(ref Utf8JsonReader reader)
    {
        StreamSample sample = new();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case Values:
                    sample = sample with { Features = ReadValues(ref reader) };
                    break;
                case Label when reader.TokenType != JsonTokenType.Null:
                    sample = sample with { Label = reader.TokenType == JsonTokenType.Number ? WholeNumber(ref reader) : LabelOf(Text(ref reader, Label)) };
                    break;
                case Id when reader.TokenType != JsonTokenType.Null:
                    sample = sample with { Id = CheckedId(reader.TokenType == JsonTokenType.Number ? Encoding.UTF8.GetString(reader.ValueSpan) : Text(ref reader, Id)) };
                    break;
                case Time when reader.TokenType != JsonTokenType.Null:
                    sample = sample with { Time = reader.TokenType == JsonTokenType.Number ? FromSeconds(reader.GetDouble()) : TimeOf(Text(ref reader, Time)) };
                    break;
                default:
                    // Sensors may say more than is asked.
                    reader.Skip();
                    break;
            }
        }
        return sample;
    }

    private float[] ReadValues(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException($"\"{Values}\" should be an array of numbers");
        List<float> read = new(values);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            read.Add(reader.TokenType switch
            {
                JsonTokenType.Number => reader.GetSingle(),
                // What a sensor has no reading for.
                JsonTokenType.Null => float.NaN,
                JsonTokenType.String => Number(reader.GetString()!),
                _ => throw new FormatException($"\"{Values}\" should hold numbers only"),
            });
        }
        return [.. read];
    }

    private static int WholeNumber(ref Utf8JsonReader reader) =>
        reader.TryGetInt32(out int label) ? label : throw new FormatException($"\"{Label}\" should be a whole number or a name");

    private static string Text(ref Utf8JsonReader reader, string name) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new FormatException($"\"{name}\" should be a text or a number");

    private StreamSample Csv(ReadOnlySpan<byte> line)
    {
        List<string> cells = Cells(line);
        StreamSample sample = new();
        List<float> read = new(values);
        // Without a header a column more than the model takes is the label.
        string?[] columns = _columns ?? (cells.Count == values + 1 ? [.. new string?[values], Label] : []);
        if (_columns is not null && cells.Count != _columnsSeen)
            throw new FormatException($"{cells.Count} columns, the header has {_columnsSeen}");
        for (int i = 0; i < cells.Count; i++)
        {
            string cell = cells[i];
            switch (i < columns.Length ? columns[i] : null)
            {
                case Label:
                    sample = cell.Length == 0 ? sample : sample with { Label = LabelOf(cell) };
                    break;
                case Id:
                    sample = cell.Length == 0 ? sample : sample with { Id = CheckedId(cell) };
                    break;
                case Time:
                    sample = cell.Length == 0 ? sample : sample with { Time = TimeOf(cell) };
                    break;
                default:
                    read.Add(cell.Length == 0 ? float.NaN : Number(cell));
                    break;
            }
        }
        // A row with an id, a label and no value is a late label.
        bool isLateLabel = sample is { Id: not null, Label: not null } && read.All(float.IsNaN);
        return sample with { Features = isLateLabel ? default : read.ToArray() };
    }

    private static List<string> Cells(ReadOnlySpan<byte> line)
    {
        List<string> cells = [];
        foreach (Range cell in line.Split((byte)','))
            cells.Add(Encoding.UTF8.GetString(line[cell]).Trim(' ', '\t', '\r', '"', '\ufeff'));
        return cells;
    }

    private static bool IsNumberOrEmpty(string cell) => cell.Length == 0 || float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static float Number(string cell) => float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
        ? value
        : throw new FormatException($"{ErrorLine.Quote(cell)} is not a number");

    private int LabelOf(string cell)
    {
        int named = classNames.IsDefaultOrEmpty ? -1 : classNames.IndexOf(cell);
        if (named >= 0)
            return named;
        return int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label)
            ? label
            : throw new FormatException($"{ErrorLine.Quote(cell)} is no class");
    }

    private static string CheckedId(string id) =>
        id.Length is > 0 and <= LongestId ? id : throw new FormatException($"the id has {id.Length} characters; 1 to {LongestId} are possible");

    private static DateTimeOffset TimeOf(string cell)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
            return FromSeconds(seconds);
        return DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new FormatException($"{ErrorLine.Quote(cell)} is no time; seconds since 1970 or ISO 8601 are");
    }

    // Numbers too large for seconds of this millennium are milliseconds.
    private static DateTimeOffset FromSeconds(double seconds)
    {
        double milliseconds = Math.Abs(seconds) >= 1e11 ? seconds : 1000 * seconds;
        return milliseconds is > -6e13 and < 2e14
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds)
            : throw new FormatException($"{seconds} is no time");
    }
}
