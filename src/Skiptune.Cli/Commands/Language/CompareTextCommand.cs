using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Language.Comparison;
using Skiptune.Language.Models;
using Skiptune.Numerics;
using Spectre.Console;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm compare: the methods side by side on one text.</summary>
internal sealed class CompareTextCommand : ExampleCommand
{
    private readonly DecoderArguments _model;
    private readonly TextArguments _text;
    private readonly Option<int> _epochs = NewOption.Integer("--epochs", "Passes over the sequences", 10);
    private readonly Option<int> _batch = NewOption.Integer("--batch-size", "Sequences a step", 8);
    private readonly Option<string> _caches = NewOption.Text("--caches", "formats", "Formats of the forward cache, with commas", "float32,int4");
    private readonly Option<string?> _rows = NewOption.OptionalText("--rows", "text", "Only rows whose name contains it [default: all]");
    private readonly Option<long> _seed = NewOption.Long("--seed", "Seed; the same seed gives the same figures", 0);
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public CompareTextCommand()
        : base("compare", "Compare the methods on one text: 256 sequences, learning rates of the reference.", "skiptune lm compare --model stories260K.bin --data input.txt --retention tinystories.txt --json compare.json")
    {
        _model = new DecoderArguments(this);
        _text = new TextArguments(this);
        foreach (Option option in (Option[])[_epochs, _batch, _caches, _rows, _seed, _threads, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        ImmutableArray<CacheFormat> caches = UsageException.Guard(() => parsed.GetRequiredValue(_caches).Split(',').Select(CacheFormat.Parse).ToImmutableArray());
        ImmutableArray<DecoderVariant> variants =
            [.. DecoderVariant.Reference.Where(variant => parsed.GetValue(_rows) is not { } part || variant.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
        if (variants.IsEmpty)
            throw new UsageException($"no row's name contains '{parsed.GetValue(_rows)}'; the rows are {string.Join("; ", DecoderVariant.Reference.Select(variant => variant.Name))}.");
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        (DataSet train, DataSet? validation, DataSet? retention) = _text.Read(parsed, model, sequences: 256);
        DecoderComparison comparison = new(model, train, validation ?? throw new UsageException("there is no text to measure on: give --valid or a --valid-split above 0."), retention)
        {
            Epochs = parsed.GetValue(_epochs),
            Batch = parsed.GetValue(_batch),
            Seed = parsed.GetValue(_seed),
            Threads = parsed.GetValue(_threads),
        };
        json.Text.WriteLine(DecoderArguments.Describe(model));
        json.Text.WriteLine($"text        {train.Count:N0} training and {validation.Count:N0} validation sequences of {train.SampleShape[0]} tokens");
        (double baseNats, double? baseRetention) = comparison.Base(interruption.Token);
        double trigram = comparison.Trigram();
        List<DecoderComparisonRow> rows = [];
        foreach (DecoderComparisonRow row in comparison.Run(variants, caches, interruption.Token))
        {
            rows.Add(row);
            json.Text.WriteLine($"done        {row.Variant.Name}, {row.Cache.Name}: {row.Validation:F3} nats, {row.Result.Seconds:F2} s");
        }
        Table table = NewTable.With("method", "cache", ">trained", ">rate", ">valid.", ">retent.", ">time s", ">fill s", ">MB");
        table.Row("none", "", "", "", Nats(baseNats), Nats(baseRetention), "", "", "");
        table.Row("trigrams of the same tokens", "", "", "", Nats(trigram), "", "", "", "");
        foreach (DecoderComparisonRow row in rows)
        {
            FineTuneResult result = row.Result;
            bool cached = result.CacheBytes > 0;
            table.Row(
                row.Variant.Name,
                row.Cache.Name,
                $"{result.TrainableParameters:N0}",
                row.Variant.LearningRate.ToString(CultureInfo.InvariantCulture),
                Nats(row.Validation),
                Nats(row.Retention),
                $"{result.Seconds:F2}",
                cached ? $"{result.FillSeconds:F2}" : "",
                cached ? $"{result.CacheBytes / 1e6:N1}" : "");
        }
        Terminal.On(json.Text).Write(table);
        json.Text.WriteLine("Nats per token on the validation and the retention text; MB of the cache; time with its fill, without measuring. One seed.");
        json.Write(writer =>
        {
            writer.WriteString("model", model.Name);
            writer.WriteNumber("base_validation_nats", baseNats);
            if (baseRetention is { } kept)
                writer.WriteNumber("base_retention_nats", kept);
            writer.WriteNumber("trigram_validation_nats", trigram);
            writer.WriteStartArray("results");
            foreach (DecoderComparisonRow row in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("name", row.Variant.Name);
                writer.WriteString("cache", row.Cache.Name);
                writer.WriteNumber("trainable_parameters", row.Result.TrainableParameters);
                writer.WriteNumber("learning_rate", row.Variant.LearningRate);
                writer.WriteNumber("validation_nats", row.Validation);
                if (row.Retention is { } nats)
                    writer.WriteNumber("retention_nats", nats);
                writer.WriteNumber("seconds", row.Result.Seconds);
                writer.WriteNumber("fill_seconds", row.Result.FillSeconds);
                writer.WriteNumber("cache_bytes", row.Result.CacheBytes);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            EnvironmentJson.Write(writer, comparison.Threads == 0 ? Environment.ProcessorCount : comparison.Threads, KernelSet.Current.Name);
        });
        return ExitCode.Ok;
    }

    private static string Nats(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "";
}
