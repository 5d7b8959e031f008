using System.Globalization;
using Skiptune.Comparison;
using Spectre.Console;

namespace Skiptune.Cli.Output;

/// <summary>A comparison for people.</summary>
internal static class ComparisonTable
{
    /// <summary>From this width on, columns have room between them.</summary>
    private const int Wide = 96;

    public static void Write(TextWriter text, ComparisonResult result, bool published)
    {
        Table table = new() { Border = TableBorder.Horizontal, ShowRowSeparators = false };
        Add(table, "method", right: false);
        Add(table, "cache", right: false);
        Add(table, "accuracy\n%");
        Add(table, "time\nms");
        Add(table, "of it\nfill");
        Add(table, "cache\nkB");
        Add(table, "trained\nparam-\neters");
        if (published)
        {
            Add(table, "published\naccuracy\n%");
            Add(table, "published\ntime s,\nRaspberry\nPi Zero\n2 W");
        }
        foreach (ComparisonRow row in result.Rows)
            table.AddRow([.. Cells(row, result.Seeds, published).Select(cell => new Markup(Markup.Escape(cell), StyleOf(row)))]);
        Terminal.On(text).Write(table);
        foreach (string note in Notes(result, published))
            text.WriteLine(note);
    }

    private static void Add(Table table, string header, bool right = true) =>
        table.AddColumn(new TableColumn(new Markup(Markup.Escape(header), new Style(decoration: Decoration.Bold)))
        {
            Alignment = right ? Justify.Right : Justify.Left,
            Padding = new Padding(0, 0, Terminal.Columns >= Wide ? 2 : 0, 0),
            NoWrap = true,
        });

    private static Style StyleOf(ComparisonRow row) => row.Method switch
    {
        ComparisonRow.BaseName => new Style(Color.Grey),
        "skip2-lora" => new Style(Color.Green),
        _ => Style.Plain,
    };

    private static IEnumerable<string> Cells(ComparisonRow row, int seeds, bool published)
    {
        bool tuned = row.Method != ComparisonRow.BaseName;
        yield return row.Method;
        yield return tuned ? row.Cache : "";
        string accuracy = Percent(row.Accuracy);
        yield return seeds == 1 ? accuracy : tuned ? $"{accuracy} ±{Percent(row.AccuracyDeviation),4}" : $"{accuracy}      ";
        yield return tuned ? Milliseconds(row.MedianSeconds) : "";
        yield return row.CacheBytes > 0 ? Milliseconds(row.MedianFillSeconds) : "";
        yield return row.CacheBytes > 0 ? $"{row.CacheBytes / 1000.0:N0}" : "";
        yield return tuned ? $"{row.TrainableParameters:N0}" : "";
        if (!published)
            yield break;
        Published? figures = Published.Find(row.Method, row.Cache);
        yield return figures?.Accuracy.ToString("F2", CultureInfo.InvariantCulture) ?? "";
        yield return figures?.Seconds?.ToString("F2", CultureInfo.InvariantCulture) ?? "";
    }

    private static IEnumerable<string> Notes(ComparisonResult result, bool published)
    {
        yield return result.Seeds == 1
            ? "One seed. Time: fine-tuning with the cache's fill, without evaluation."
            : $"{result.Seeds} seeds, the same for every row. Accuracy: mean ± standard deviation.";
        if (result.Seeds > 1)
            yield return "Time: median of fine-tuning with the cache's fill, without evaluation.";
        yield return "Before timing, every row made a few untimed steps to warm up.";
        yield return $"Measured here with {result.Threads} thread{(result.Threads == 1 ? "" : "s")}, kernels {result.Kernels}.";
        if (published)
            yield return "Published: the Skip2-LoRA papers' own figures, not measured here.";
    }

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);

    private static string Milliseconds(double seconds) => (1000 * seconds).ToString(seconds < 0.1 ? "N1" : "N0", CultureInfo.InvariantCulture);
}
