using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using Skiptune.Files;

namespace Skiptune.Language.Classification;

/// <summary>Reads files of labelled texts.</summary>
internal static class LabelledTextFile
{
    private const int MaxBytes = 1 << 28;

    // More is a file whose quote does not end, and no text to classify.
    private const int LongestCell = 1 << 20;

    private const int LongestLabel = 1024;

    public static LabelledTexts Read(string path, TextColumns columns)
    {
        byte[] bytes = BoundedFile.ReadAllBytes(path, MaxBytes);
        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
            Rows rows = new(path);
            if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
                ReadCsv(path, text, columns, rows);
            else if (path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
                ReadLines(text, (line, number) => ReadObject(path, line, number, columns, rows));
            else
                ReadLines(text, (line, number) => rows.Add(number, line, null));
            return rows.Finish();
        }
        catch (ArgumentException exception)
        {
            throw ErrorText.Of(path, "is not text in UTF-8", exception);
        }
        catch (CsvHelperException exception)
        {
            string line = exception.Context?.Parser is { } parser ? $" in line {parser.RawRow}" : "";
            throw ErrorText.Of(path, $"is no CSV file{line}: a quote is not where it may be, or a cell has more than {LongestCell} characters", exception);
        }
    }

    private static void ReadCsv(string path, string text, TextColumns columns, Rows rows)
    {
        CsvConfiguration configuration = new(CultureInfo.InvariantCulture) { MaxFieldSize = LongestCell };
        using CsvParser parser = new(new StringReader(text), configuration);
        if (!parser.Read())
            throw ErrorText.Of(path, "is empty");
        string[] header = parser.Record!;
        int textAt = Array.IndexOf(header, columns.Text);
        int labelAt = columns.LabelAmong(header);
        if (textAt < 0 || (labelAt < 0 && columns.Label is not null))
            throw ErrorText.Of(path, $"has no column {ErrorText.Quote(textAt < 0 ? columns.Text : columns.Label!)}; its header has {string.Join(", ", header.Take(16).Select(ErrorText.Quote))} (--text-column, --label-column)");
        while (parser.Read())
        {
            if (parser.Count != header.Length)
                throw ErrorText.Of(path, $"line {parser.RawRow} has {parser.Count} columns, but the header has {header.Length}; put a text with commas in quotes");
            rows.Add(parser.RawRow, parser[textAt], labelAt < 0 ? null : parser[labelAt]);
        }
    }

    private static void ReadLines(string text, Action<string, int> read)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (!line.IsWhiteSpace())
                read(line.ToString(), number);
        }
    }

    private static void ReadObject(string path, string line, int number, TextColumns columns, Rows rows)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 16 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new FormatException("is no JSON object in braces");
            JsonProperty[] members = [.. document.RootElement.EnumerateObject()];
            string[] names = [.. members.Select(member => member.Name)];
            int textAt = Array.IndexOf(names, columns.Text);
            if (textAt < 0)
                throw new FormatException($"has no \"{columns.Text}\"");
            int labelAt = columns.LabelAmong(names);
            if (labelAt < 0 && columns.Label is not null)
                throw new FormatException($"has no \"{columns.Label}\"");
            rows.Add(number, Text(members[textAt]), labelAt < 0 ? null : members[labelAt].Value.ValueKind == JsonValueKind.Number ? members[labelAt].Value.GetRawText() : Text(members[labelAt]));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw ErrorText.Of(path, $"line {number}: {exception.Message}", exception);
        }
    }

    private static string Text(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new FormatException($"\"{member.Name}\" should be a text");

    private sealed class Rows(string path)
    {
        private readonly ImmutableArray<string>.Builder _texts = ImmutableArray.CreateBuilder<string>();
        private readonly ImmutableArray<string>.Builder _labels = ImmutableArray.CreateBuilder<string>();

        public void Add(int line, string text, string? label)
        {
            if (string.IsNullOrWhiteSpace(text))
                throw ErrorText.Of(path, $"line {line} has no text");
            if (text.Length > LongestCell)
                throw ErrorText.Of(path, $"line {line} has a text of more than {LongestCell} characters");
            _texts.Add(text);
            if (label is null)
                return;
            label = label.Trim();
            if (label.Length is 0 or > LongestLabel)
                throw ErrorText.Of(path, label.Length == 0 ? $"line {line} has no label" : $"line {line} has a label of more than {LongestLabel} characters; is it the text? (--label-column)");
            _labels.Add(label);
        }

        public LabelledTexts Finish()
        {
            if (_texts.Count == 0)
                throw ErrorText.Of(path, "holds no text");
            if (_labels.Count != 0 && _labels.Count != _texts.Count)
                throw ErrorText.Of(path, $"{_texts.Count - _labels.Count} of its {_texts.Count} lines have no label");
            return new LabelledTexts(path, _texts.ToImmutable(), _labels.ToImmutable());
        }
    }
}
