using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.FineTuning;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>How well each class was recognised, and what it was taken for.</summary>
internal static class ConfusionTables
{
    /// <summary>More classes make a matrix nobody reads.</summary>
    private const int MostColumns = 12;

    public static void Write(TextWriter text, ConfusionMatrix confusion, ImmutableArray<string> names)
    {
        if (text == TextWriter.Null)
            return;
        bool wide = confusion.Classes <= MostColumns;
        string[] columns = wide ? [.. Enumerable.Range(0, confusion.Classes).Select(label => $">{label}")] : [];
        Table table = NewTable.With(["class", ">n", ">recall", ">precision", .. columns]);
        foreach (int label in Enumerable.Range(0, confusion.Classes).Where(label => confusion.Support(label) > 0 || wide))
        {
            string name = names.IsDefaultOrEmpty ? $"{label}" : $"{label} {names[label]}";
            string[] row = wide ? [.. Enumerable.Range(0, confusion.Classes).Select(prediction => confusion[label, prediction] is var count and > 0 ? $"{count}" : "")] : [];
            table.Row([name, $"{confusion.Support(label):N0}", $"{100 * confusion.Recall(label):F1}", $"{100 * confusion.Precision(label):F1}", .. row]);
        }
        Terminal.On(text).Write(table);
    }

    public static void Write(Utf8JsonWriter json, ConfusionMatrix confusion)
    {
        json.WriteStartArray("confusion");
        for (int label = 0; label < confusion.Classes; label++)
        {
            json.WriteStartArray();
            for (int prediction = 0; prediction < confusion.Classes; prediction++)
                json.WriteNumberValue(confusion[label, prediction]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }
}
