using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;
using Skiptune.Language.Comparison;
using Skiptune.Language.Models;
using Skiptune.Numerics;
using Spectre.Console;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm classify compare: the methods side by side on labelled texts.</summary>
internal sealed class CompareClassifiersCommand : ExampleCommand
{
    private readonly DecoderArguments _model;
    private readonly LabelledTextArguments _texts;
    private readonly Option<string> _data = new("--data") { Description = $"Texts to learn from: {LabelledTextArguments.Files}", HelpName = "file", Required = true };
    private readonly Option<string?> _test = NewOption.OptionalText("--test", "file", "Texts to measure on; needed unless --choose");
    private readonly Option<bool> _choose = new("--choose") { Description = "Measure learning rates and epochs on a fifth of the texts that is held back for it" };
    private readonly Option<int?> _samples = NewOption.OptionalInteger("--train-samples", "Learn from so many texts, evenly over the file [default: all]");
    private readonly Option<int?> _most = NewOption.OptionalInteger("--max-tokens", "Cut texts after so many tokens [default: the model's context]");
    private readonly Option<string> _caches = NewOption.Text("--caches", "formats", "Formats of the forward cache, with commas", "float32,int4");
    private readonly Option<string?> _rows = NewOption.OptionalText("--rows", "text", "Only rows whose name contains it [default: all]");
    private readonly Option<int> _seeds = NewOption.Integer("--seeds", "Seeds of each row, from 0 on", 5);
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public CompareClassifiersCommand()
        : base("compare", "Compare the methods on labelled texts, beside n-grams without a language model.", "skiptune lm classify compare --model stories260K.bin --data train.csv --train-samples 2000 --test test.csv --json compare.json")
    {
        _model = new DecoderArguments(this);
        foreach (Option option in (Option[])[_data, _test, _choose])
            Add(option);
        _texts = new LabelledTextArguments(this);
        foreach (Option option in (Option[])[_samples, _most, _caches, _rows, _seeds, _threads, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        ImmutableArray<CacheFormat> caches = UsageException.Guard(() => parsed.GetRequiredValue(_caches).Split(',').Select(CacheFormat.Parse).ToImmutableArray());
        ImmutableArray<ClassifierVariant> variants =
            [.. ClassifierVariant.Reference.Where(variant => parsed.GetValue(_rows) is not { } part || variant.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        if (variants.IsEmpty)
            throw new UsageException($"no row's name contains '{parsed.GetValue(_rows)}'; the rows are {string.Join("; ", ClassifierVariant.Reference.Select(variant => variant.Name))}.");
        bool choose = parsed.GetValue(_choose);
        string? testPath = parsed.GetValue(_test);
        if (choose == testPath is not null)
            throw new UsageException("give --test, or --choose to hold back a part of the texts.");
        int? samples = LabelledTextArguments.Positive("--train-samples", parsed.GetValue(_samples));
        int? most = LabelledTextArguments.Positive("--max-tokens", parsed.GetValue(_most));
        int seeds = LabelledTextArguments.Positive("--seeds", parsed.GetValue(_seeds))!.Value;
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        LabelledTexts train = _texts.Open(parsed, parsed.GetRequiredValue(_data));
        train = train.Evenly(samples ?? train.Texts.Length);
        ClassifierComparison comparison = new(model, train) { Seeds = seeds, MostTokens = most, Threads = parsed.GetValue(_threads) };
        json.Text.WriteLine(DecoderArguments.Describe(model));
        json.Text.WriteLine($"texts       {train.Texts.Length:N0} to learn from, {train.Labels.Distinct().Count()} labels");
        IEnumerable<ClassifierComparisonRow> results = choose
            ? comparison.Choose(variants, caches, interruption.Token)
            : comparison.Run(variants, caches, _texts.Open(parsed, testPath!), interruption.Token);
        List<ClassifierComparisonRow> rows = [];
        foreach (ClassifierComparisonRow row in results)
        {
            rows.Add(row);
            json.Text.WriteLine($"done        {row.Variant.Name}, {row.Cache.Name}, rate {Rate(row)}, {row.Variant.Epochs} epochs: {row.Accuracy:F3}");
        }
        if (choose)
            rows = [.. rows.GroupBy(row => (row.Variant.Name, row.Cache)).Select(group => group.MaxBy(row => row.Accuracy)!)];
        WriteTable(json.Text, rows);
        json.Text.WriteLine(choose
            ? $"The best settings of each row on a fifth of the texts; mean of {seeds} seeds."
            : $"Accuracy on {testPath}, mean ± standard deviation of {seeds} seeds; mean seconds of the training, of them those filling the cache; MB of the cache.");
        json.Write(writer =>
        {
            writer.WriteString("model", model.Name);
            writer.WriteNumber("train_samples", train.Texts.Length);
            WriteRows(writer, rows);
            EnvironmentJson.Write(writer, comparison.Threads == 0 ? Environment.ProcessorCount : comparison.Threads, KernelSet.Current.Name);
        });
        return ExitCode.Ok;
    }

    private static void WriteTable(TextWriter text, List<ClassifierComparisonRow> rows)
    {
        Table table = NewTable.With("method", "cache", ">trained", ">rate", ">epochs", ">accuracy", ">time s", ">fill s", ">MB");
        foreach (ClassifierComparisonRow row in rows)
        {
            ClassifierRun first = row.Runs[0];
            bool cached = first.CacheBytes > 0;
            table.Row(
                row.Variant.Name,
                row.Cache.Name,
                $"{first.Parameters:N0}",
                Rate(row),
                $"{row.Variant.Epochs}",
                row.Runs.Length > 1 ? $"{row.Accuracy:F3} ± {row.Deviation:F3}" : $"{row.Accuracy:F3}",
                $"{row.Runs.Average(run => run.Seconds):F2}",
                cached ? $"{row.Runs.Average(run => run.FillSeconds):F2}" : "",
                cached ? $"{first.CacheBytes / 1e6:N2}" : "");
        }
        Terminal.On(text).Write(table);
    }

    private static void WriteRows(Utf8JsonWriter writer, List<ClassifierComparisonRow> rows)
    {
        writer.WriteStartArray("results");
        foreach (ClassifierComparisonRow row in rows)
        {
            writer.WriteStartObject();
            writer.WriteString("name", row.Variant.Name);
            writer.WriteString("cache", row.Cache.Name);
            writer.WriteNumber("learning_rate", row.Variant.LearningRate);
            writer.WriteNumber("epochs", row.Variant.Epochs);
            writer.WriteNumber("trainable_parameters", row.Runs[0].Parameters);
            writer.WriteNumber("accuracy", row.Accuracy);
            writer.WriteNumber("deviation", row.Deviation);
            writer.WriteStartArray("accuracies");
            foreach (ClassifierRun run in row.Runs)
                writer.WriteNumberValue(run.Accuracy);
            writer.WriteEndArray();
            writer.WriteNumber("seconds", row.Runs.Average(run => run.Seconds));
            writer.WriteNumber("fill_seconds", row.Runs.Average(run => run.FillSeconds));
            writer.WriteNumber("cache_bytes", row.Runs[0].CacheBytes);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static string Rate(ClassifierComparisonRow row) => row.Variant.LearningRate.ToString(CultureInfo.InvariantCulture);
}
