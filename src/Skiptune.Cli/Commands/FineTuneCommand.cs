using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;

namespace Skiptune.Cli.Commands;

/// <summary>finetune: base model and samples in, adapter files out.</summary>
internal sealed class FineTuneCommand : ExampleCommand
{
    private readonly Option<string?> _model = CommonOptions.Model();
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<string?> _valid = NewOption.OptionalText("--valid", "folder", "Folder whose t10k-* files are evaluated after each epoch [default: none]");
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _trainSamples = CommonOptions.TrainSamples("all");
    private readonly Option<string> _method = NewOption.Text("--method", "name", "What is trained, see 'skiptune methods'", FineTuneMethod.Skip2Lora.Name);
    private readonly Option<string?> _cache = NewOption.OptionalText("--cache", "format", "Forward cache, see 'skiptune methods' [default: int4 for skip2-lora, else none]");
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;

    public FineTuneCommand()
        : base(
            "finetune",
            "Fine-tune a model and write the adapter. Without --model and --data it uses what comes with the program.",
            "skiptune finetune --model base.onnx --data images --method skip2-lora --epochs 10 --adapter-path adapters")
    {
        foreach (Option option in (Option[])[_model, _data, _valid, _rotate, _trainSamples, _method])
            Add(option);
        _training = new TrainingArguments(this, new FineTuneOptions());
        _rank = new RankArguments(this);
        foreach (Option option in (Option[])[_cache, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        FineTuneOptions options = UsageException.Guard(() => Read(parsed));
        int? samples = DataArguments.CheckSamples("--train-samples", parsed.GetValue(_trainSamples));
        string adapterPath = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(adapterPath);
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        string? modelPath = parsed.GetValue(_model);
        string? folder = parsed.GetValue(_data);
        DataArguments data = DataArguments.FolderOrSample(folder, parsed.GetValue(_rotate));
        Model model = Model.Load(modelPath ?? Assets.BaseModel);
        DataSet train = data.Load(FashionMnistSplit.Train, samples, int.MaxValue, interruption.Token);
        DataSet? validation = parsed.GetValue(_valid) is { } valid
            ? new DataArguments(valid, data.Degrees).Load(FashionMnistSplit.Test, null, int.MaxValue, interruption.Token)
            : null;
        using FineTuner tuner = model.CreateFineTuner(options);
        json.Text.WriteLine($"samples     {train.Count:N0} of {data}");
        json.Text.WriteLine(tuner.Plan);
        FineTuneResult result = tuner.Fit(train, validation, EpochLines.On(json.Text), interruption.Token);

        if (result.Epochs == 0)
        {
            Failure.Write("interrupted before the first epoch ended: nothing was written");
            return ExitCode.Failure;
        }
        result.Adapter.Save(adapterPath);
        if (result.Cancelled)
        {
            Failure.Write($"interrupted: {adapterPath} holds the adapter of the last whole epoch, {result.Epochs} of {options.Epochs}");
            return ExitCode.Failure;
        }
        json.Text.WriteLine($"wrote       {Path.Combine(adapterPath, "adapter_model.safetensors")} and {Path.Combine(adapterPath, "adapter_config.json")}");
        string arguments = $"{Argument("--model", modelPath)}{Argument("--data", folder)}{Argument("--rotate", parsed.GetValue(_rotate)?.ToString())}";
        json.Text.WriteLine($"evaluate    skiptune evaluate --adapter-path {Quote(adapterPath)}{arguments}");
        json.Write(writer => FineTuneJson.Write(writer, tuner.Plan, result, adapterPath));
        return ExitCode.Ok;
    }

    private FineTuneOptions Read(ParseResult parsed)
    {
        FineTuneOptions options = _rank.Apply(parsed, _training.Read(parsed)) with
        {
            Method = FineTuneMethod.Parse(parsed.GetRequiredValue(_method)),
            Cache = parsed.GetValue(_cache) is { } cache ? CacheFormat.Parse(cache) : null,
        };
        options.Check();
        return options;
    }

    private static string Argument(string option, string? value) => value is null ? "" : $" {option} {Quote(value)}";

    // Good enough to be copied: names with blanks are the ones that occur.
    private static string Quote(string value) => value.Contains(' ', StringComparison.Ordinal) ? $"'{value}'" : value;
}
