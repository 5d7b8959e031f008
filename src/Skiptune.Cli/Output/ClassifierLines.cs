using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.FineTuning;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>How well a classifier of texts did: the whole, and the classes that went worst.</summary>
internal static class ClassifierLines
{
    // Of many classes those are of interest that need better texts or should be one.
    private const int Worst = 8;

    public static void Write(TextWriter text, Evaluation evaluation, ImmutableArray<string> names)
    {
        text.WriteLine($"accuracy    {100 * evaluation.Accuracy:F1} % of {evaluation.Samples:N0} texts, loss {evaluation.Loss:F3} nats");
        if (text == TextWriter.Null || evaluation.Confusion is not { } confusion)
            return;
        Table table = NewTable.With("worst classes", ">n", ">recall", ">precision", "most often taken for");
        foreach (int label in Enumerable.Range(0, confusion.Classes).Where(label => confusion.Support(label) > 0 && confusion.Recall(label) < 1).OrderBy(confusion.Recall).Take(Worst))
        {
            int other = Enumerable.Range(0, confusion.Classes).Where(prediction => prediction != label).MaxBy(prediction => confusion[label, prediction]);
            table.Row(names[label], $"{confusion.Support(label):N0}", $"{100 * confusion.Recall(label):F1}", $"{100 * confusion.Precision(label):F1}", $"{names[other]} ({confusion[label, other]})");
        }
        if (table.Rows.Count > 0)
            Terminal.On(text).Write(table);
    }

    public static void Write(Utf8JsonWriter json, Evaluation evaluation, ImmutableArray<string> names)
    {
        json.WriteNumber("samples", evaluation.Samples);
        json.WriteNumber("accuracy", evaluation.Accuracy);
        json.WriteNumber("loss", evaluation.Loss);
        if (evaluation.Confusion is not { } confusion)
            return;
        json.WriteStartArray("classes");
        for (int label = 0; label < confusion.Classes; label++)
        {
            json.WriteStartObject();
            json.WriteString("label", names[label]);
            json.WriteNumber("samples", confusion.Support(label));
            json.WriteNumber("recall", confusion.Recall(label));
            json.WriteNumber("precision", confusion.Precision(label));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        ConfusionTables.Write(json, confusion);
    }
}
