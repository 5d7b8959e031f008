using System.Globalization;
using System.Text;

namespace Skiptune.RealModels.Report;

/// <summary>The page for people, in Markdown.</summary>
internal static class Page
{
    private const string Reference = "skip2-lora";
    private const int Width = 120;

    /// <summary>Writes the page; sections of models that were not run stay as they are.</summary>
    /// <param name="path">The page.</param>
    /// <param name="reports">What was run.</param>
    /// <param name="names">All models, in the order of their sections.</param>
    /// <param name="times">Whether times are worth showing.</param>
    public static void Write(string path, IReadOnlyList<ModelReport> reports, string[] names, bool times)
    {
        string before = File.Exists(path) ? File.ReadAllText(path) : "";
        StringBuilder text = new();
        text.Append("# Pretrained models of others, fine-tuned\n\n");
        Paragraph(text, "Models that were trained elsewhere, loaded from their ONNX files and fine-tuned on data they had not been made for. Settings were chosen on splits of the training samples, or set beforehand; test samples were read for the figures below and chose nothing. All runs: Adam, cosine schedule, batches of 20, rank 4 and the default taps unless said otherwise; skip2-lora with its cache in 4 bits. Every model's answers are compared with ONNX Runtime's in the tests.");
        text.Append("Made by\n\n```sh\ndotnet run -c Release --project bench/Skiptune.RealModels -- --assets DIR --docs docs/real-models.md\n```\n\n");
        Paragraph(text, $"where `--only NAME` runs one of them, `--choose` tries the settings again and `--json FILE` keeps all figures, those of each seed too. Accuracies repeat exactly, on any machine. {(times ? "Times are of one machine." : "Times are multiples of skip2-lora's, rough ones: the machine had other work to do.")}");
        foreach (string name in names)
        {
            (string start, string end) = ($"<!-- {name} -->", $"<!-- /{name} -->");
            int from = before.IndexOf(start, StringComparison.Ordinal);
            int to = before.IndexOf(end, StringComparison.Ordinal);
            if (reports.FirstOrDefault(report => report.Name == name) is { } report)
            {
                text.Append(start).Append('\n');
                Section(text, report, times);
                text.Append(end).Append("\n\n");
            }
            else if (from >= 0 && to > from)
            {
                text.Append(before.AsSpan(from, to + end.Length - from)).Append("\n\n");
            }
        }
        File.WriteAllText(path, text.ToString().TrimEnd() + "\n");
        Console.WriteLine($"wrote {path}");
    }

    private static void Section(StringBuilder text, ModelReport report, bool times)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {report.Title}\n\n");
        Paragraph(text, $"`--only {report.Name}`. {report.Source} {report.Summary}{(times ? string.Create(CultureInfo.InvariantCulture, $"; {report.ForwardMilliseconds:F2} ms a sample forward") : "")}.");
        Paragraph(text, report.Task);
        if (report.Rows.Length > 0)
            Table(text, report, times);
        Paragraph(text, report.Findings);
    }

    private static void Table(StringBuilder text, ModelReport report, bool times)
    {
        string[] figures = report.Cases.Length > 0 ? [.. report.Cases, "mean"] : [report.Figure];
        string[] other = report.OtherFigure is { } name ? [name] : [];
        string[] header = ["method", .. figures, .. other, "trained parameters", "cache kB", times ? "seconds" : "time", "settings"];
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", header)} |\n|{string.Concat(header.Select(_ => "---|"))}\n");
        double reference = report.Rows.FirstOrDefault(row => row.Label == Reference)?.Seconds ?? 0;
        foreach (Row row in report.Rows)
        {
            string[] values = report.Cases.Length > 0
                ? [.. row.Figures.Append(row.Mean).Select(figure => Number(figure, report.Digits))]
                : [Number(row.Mean, report.Digits) + (row.Figures.Length > 1 ? $" ± {Number(row.Deviation, report.Digits)}" : "")];
            string[] beside = report.OtherFigure is null ? [] : [row.Other is { } value ? Number(value, report.Digits) : ""];
            string time = row.Seconds == 0 ? "" : times ? Number(row.Seconds, 1) : reference == 0 ? "" : $"{Number(row.Seconds / reference, 1)} x";
            string[] cells = [row.Label, .. values, .. beside, Count(row.Parameters), Count(row.CacheBytes / 1000), time, row.Setting.Length == 0 ? "" : $"`{row.Setting}`"];
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
        }
        text.Append('\n');
    }

    private static string Number(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Count(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static void Paragraph(StringBuilder text, string words)
    {
        int column = 0;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }
            if (column > 0)
                text.Append(' ');
            text.Append(word);
            column += word.Length + (column > 0 ? 1 : 0);
        }
        text.Append("\n\n");
    }
}
