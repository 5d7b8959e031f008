using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.FineTuning;
using Skiptune.Language.Classification;
using Skiptune.Language.Models;

namespace Skiptune.Cli.Commands.Language;

/// <summary>lm classify train: a model and labelled texts in, adapter files out.</summary>
internal sealed class TrainClassifierCommand : ExampleCommand
{
    private static readonly FineTuneOptions Defaults = new() { Rank = 8, Epochs = 30 };

    private readonly DecoderArguments _model;
    private readonly LabelledTextArguments _texts;
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;
    private readonly Option<string> _data = new("--data") { Description = $"Texts to learn from: {LabelledTextArguments.Files}", HelpName = "file", Required = true };
    private readonly Option<string?> _valid = NewOption.OptionalText("--valid", "file", "Texts to measure on [default: the part held back]");
    private readonly Option<double?> _validSplit = NewOption.OptionalReal("--valid-split", "share", "Hold back a share of the texts to measure on, evenly over the file [default: 0.1 without --valid]");
    private readonly Option<int?> _samples = NewOption.OptionalInteger("--train-samples", "Learn from so many texts, evenly over the file [default: all]");
    private readonly Option<int?> _most = NewOption.OptionalInteger("--max-tokens", "Cut texts after so many tokens [default: the model's context]");
    private readonly Option<string> _method = NewOption.Text("--method", "name", string.Join(", ", ClassifierMethods.Names), new ClassifierSettings().Name);
    private readonly Option<string?> _with = NewOption.OptionalText("--with", "name", "ft-last trains the output layer beside skip adapters");
    private readonly Option<string> _head = NewOption.Text("--head-states", "name", "What the output layer reads: last (the final hidden state) or all (every block's input too)", Choice.NameOf(new ClassifierSettings().Head));
    private readonly Option<string> _pooling = NewOption.Text("--pooling", "name", "A text's state: the mean of its tokens' or the last one's", Choice.NameOf(new ClassifierSettings().Pooling));
    private readonly Option<string?> _cache = NewOption.OptionalText("--cache", "format", "Forward cache, see 'skiptune methods' [default: int4 for skip2-lora and ft-last, else none]");
    private readonly Option<string?> _cachePath = NewOption.OptionalText("--cache-path", "file", "Keep the cache in a file mapped into memory [default: in memory]");
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string?> _json = CommonOptions.Json();

    public TrainClassifierCommand()
        : base("train", "Train a classifier on labelled texts and write the adapter.", "skiptune lm classify train --model stories260K.bin --data train.csv --adapter-path intents")
    {
        _model = new DecoderArguments(this);
        foreach (Option option in (Option[])[_data, _valid, _validSplit])
            Add(option);
        _texts = new LabelledTextArguments(this);
        foreach (Option option in (Option[])[_samples, _most, _method, _with, _head, _pooling])
            Add(option);
        _training = new TrainingArguments(this, Defaults);
        _rank = new RankArguments(this, Defaults);
        foreach (Option option in (Option[])[_cache, _cachePath, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string folder = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(folder);
        (ClassifierSettings settings, FineTuneOptions options) = UsageException.Guard(() => Read(parsed));
        int? samples = LabelledTextArguments.Positive("--train-samples", parsed.GetValue(_samples));
        string? valid = parsed.GetValue(_valid);
        double share = parsed.GetValue(_validSplit) ?? (valid is null ? 0.1 : 0);
        if (!(share >= 0 && share < 1))
            throw new UsageException($"--valid-split must be 0 up to but not 1, not {share}.");
        JsonTarget json = new(parsed.GetValue(_json));
        using Interruption interruption = new();
        using DecoderModel model = _model.Load(parsed);
        LabelledTexts all = _texts.Open(parsed, parsed.GetRequiredValue(_data));
        (LabelledTexts train, LabelledTexts? held) = all.Evenly(samples ?? all.Texts.Length).Split(share);
        LabelledTexts? measured = valid is null ? held : _texts.Open(parsed, valid);
        using ClassifierTuner tuner = new(model, train, settings, options);
        json.Text.WriteLine(DecoderArguments.Describe(model));
        json.Text.WriteLine($"texts       {train.Texts.Length:N0} with {tuner.ClassNames.Length} labels");
        json.Text.WriteLine(tuner.Plan);
        TextClassifier classifier = null!;
        FineTuneResult result = EpochLines.Run(json.Text, options.Epochs, progress =>
        {
            (classifier, FineTuneResult fitted) = tuner.Fit(progress, interruption.Token);
            return fitted;
        });
        json.Text.WriteLine($"time        {result.Seconds:F2} s, of it {result.FillSeconds:F2} s in the decoder for a cache of {result.CacheBytes / 1e6:N2} MB{(result.Cancelled ? $"; stopped after epoch {result.Epochs}" : "")}");
        Evaluation? evaluation = measured is null ? null : classifier.Evaluate(measured, options.Threads);
        if (evaluation is not null)
            ClassifierLines.Write(json.Text, evaluation, classifier.ClassNames);
        classifier.Save(folder);
        json.Text.WriteLine($"adapter     {folder}");
        json.Write(writer =>
        {
            writer.WriteString("method", options.Method.Name);
            writer.WriteNumber("seconds", result.Seconds);
            writer.WriteNumber("fill_seconds", result.FillSeconds);
            writer.WriteNumber("cache_bytes", result.CacheBytes);
            writer.WriteNumber("trainable_parameters", result.TrainableParameters);
            writer.WriteNumber("final_loss", result.FinalLoss);
            if (evaluation is not null)
                ClassifierLines.Write(writer, evaluation, classifier.ClassNames);
        });
        return ExitCode.Ok;
    }

    private (ClassifierSettings Settings, FineTuneOptions Options) Read(ParseResult parsed)
    {
        string? with = parsed.GetValue(_with);
        if (with is not (null or "ft-last"))
            throw new UsageException($"--with needs ft-last, not '{with}'.");
        ClassifierSettings settings = new()
        {
            Name = parsed.GetRequiredValue(_method),
            WithFtLast = with is not null,
            Head = Choice.Parse<HeadStates>("--head-states", parsed.GetRequiredValue(_head)),
            Pooling = Choice.Parse<Pooling>("--pooling", parsed.GetRequiredValue(_pooling)),
            MostTokens = LabelledTextArguments.Positive("--max-tokens", parsed.GetValue(_most)),
        };
        FineTuneOptions options = _rank.Apply(parsed, _training.Read(parsed)) with
        {
            Method = settings.Method,
            Cache = parsed.GetValue(_cache) is { } cache ? CacheFormat.Parse(cache) : null,
            CachePath = parsed.GetValue(_cachePath),
        };
        options.Check();
        return (settings, options);
    }
}
