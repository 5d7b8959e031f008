using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware;
using Skiptune.Numerics;

namespace Skiptune.Cli.Commands;

/// <summary>finetune: base model and samples in, adapter files out.</summary>
internal sealed class FineTuneCommand : ExampleCommand
{
    private const string Cpu = "cpu";
    private const string RtlSim = "rtl-sim";

    private readonly ModelArguments _model;
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<string?> _valid = NewOption.OptionalText("--valid", "path", "Data to evaluate after each epoch [default: the data's own valid part, if there is one]");
    private readonly Option<double?> _validSplit = NewOption.OptionalReal("--valid-split", "share", "Hold back a share of the training samples for it, of each class alike [default: 0]");
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _trainSamples = CommonOptions.TrainSamples("all");
    private readonly Option<string> _method = NewOption.Text("--method", "name", "What is trained, see 'skiptune methods'", FineTuneMethod.Skip2Lora.Name);
    private readonly Option<string?> _taps = NewOption.OptionalText("--taps", "rules", "Layers whose inputs are tapped, with commas and *, perhaps =flatten, =avgpool:HxW or =global-avgpool [default: all, within a budget]");
    private readonly Option<int?> _classes = NewOption.OptionalInteger("--classes", "Give the model a new head with so many classes [default: the model's own]");
    private readonly Option<string> _head = NewOption.Text("--head", "start", "What a new head starts from: ridge (regression) or zero", Choice.NameOf(HeadStart.Ridge));
    private readonly Option<string?> _cache = NewOption.OptionalText("--cache", "format", "Forward cache, see 'skiptune methods' [default: int4 for skip2-lora, else none]");
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string> _backend = NewOption.Text("--backend", "name", "What computes: cpu, or rtl-sim (the simulated FPGA accelerator, see 'skiptune fpga simulate')", Cpu);
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly DataArguments _dataArguments;
    private readonly TrainingArguments _training;
    private readonly RankArguments _rank;
    private readonly RunStorageArguments _storage;

    public FineTuneCommand()
        : base(
            "finetune",
            "Fine-tune a model and write the adapter. Without --model and --data it uses what comes with the program.",
            "skiptune finetune --model base.onnx --data images --method skip2-lora --epochs 10 --adapter-path adapters")
    {
        _model = new ModelArguments(this, ModelArguments.Output("What is trained"));
        foreach (Option option in (Option[])[_data, _valid, _validSplit, _rotate, _trainSamples, _method, _taps, _classes, _head])
            Add(option);
        _dataArguments = new DataArguments(this);
        _training = new TrainingArguments(this, new FineTuneOptions());
        _rank = new RankArguments(this);
        _storage = new RunStorageArguments(this);
        foreach (Option option in (Option[])[_backend, _cache, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string adapterPath = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(adapterPath);
        FineTuneOptions options = UsageException.Guard(() => Read(parsed, adapterPath));
        Rehearsal.Continue(options);
        int? samples = SampleSource.CheckSamples("--train-samples", parsed.GetValue(_trainSamples));
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        string? folder = parsed.GetValue(_data);
        using SampleSource named = SampleSource.PathOrSample(folder, parsed.GetValue(_rotate));
        Model model = _model.Load(parsed);
        Shape sample = model.Graph.Inputs[0].SampleShape;
        int classes = options.Classes ?? model.GetOutputLayer().Classes;
        using SampleSource data = named with
        {
            Options = _dataArguments.Read(parsed, named.Path!, sample, classes) with { ValidSplit = parsed.GetValue(_validSplit) ?? 0, Seed = options.Seed },
        };
        DataSet train = data.Load(Part.Train, samples, int.MaxValue, interruption.Token);
        using SampleSource? other = parsed.GetValue(_valid) is { } path
            ? new SampleSource(path, data.Degrees) { Options = _dataArguments.Read(parsed, path, sample, classes) with { ClassNames = train.Targets.ClassNames } }
            : null;
        // Data named for validation are it whole, unless they have a test part of their own.
        DataSet? validation = other is null
            ? data.TryLoad(Part.Valid, null, int.MaxValue, interruption.Token)
            : other.TryLoad(Part.Test, null, int.MaxValue, interruption.Token) ?? other.Load(Part.Train, null, int.MaxValue, interruption.Token);
        if (parsed.GetRequiredValue(_backend) == RtlSim)
        {
            AcceleratorOptions hardware = new() { Rank = options.Rank };
            SimulatedAccelerator accelerator = UsageException.Guard(() => new SimulatedAccelerator(model, hardware));
            return AcceleratorRun.Run(
                model, train, validation, options, hardware, token => accelerator.Fit(train, options, null, token), AcceleratorRun.DefaultClock, adapterPath, json, interruption.Token);
        }
        using FineTuner tuner = model.CreateFineTuner(options);
        json.Text.WriteLine($"samples     {train.Count:N0} of {data}");
        json.Text.WriteLine(tuner.Plan);
        if (options.Checkpoint is { } checkpoint)
            json.Text.WriteLine($"checkpoint  {CheckpointLine.Of(checkpoint, options.Epochs)}");
        FineTuneResult result = EpochLines.Run(json.Text, options.Epochs, progress => tuner.Fit(train, validation, progress, interruption.Token));

        if (result.Epochs > 0)
            result.Adapter.Save(adapterPath);
        json.Write(writer => FineTuneJson.Write(writer, tuner.Plan, result, result.Epochs > 0 ? adapterPath : null));
        if (result.Epochs == 0)
        {
            Failure.Write("interrupted before the first epoch ended: no adapter was written");
            return ExitCode.Failure;
        }
        if (result.Cancelled)
        {
            string advice = options.Checkpoint is null ? "" : "; the same command with --resume continues";
            Failure.Write($"interrupted: {adapterPath} holds the adapter of the last whole epoch, {result.Epochs} of {options.Epochs}{advice}");
            return ExitCode.Failure;
        }
        json.Text.WriteLine($"wrote       {Path.Combine(adapterPath, "adapter_model.safetensors")} and {Path.Combine(adapterPath, "adapter_config.json")}");
        string arguments = $"{string.Concat(_model.Given(parsed).Select(pair => Argument(pair.Option, pair.Value)))}{Argument("--data", folder)}{Argument("--rotate", parsed.GetValue(_rotate)?.ToString())}{string.Concat(_dataArguments.Given(parsed).Select(pair => Argument(pair.Option, pair.Value)))}";
        json.Text.WriteLine($"evaluate    skiptune evaluate --adapter-path {Quote(adapterPath)}{arguments}");
        return ExitCode.Ok;
    }

    private FineTuneOptions Read(ParseResult parsed, string adapterPath)
    {
        string backend = parsed.GetRequiredValue(_backend);
        if (backend is not (Cpu or RtlSim))
            throw new UsageException($"--backend '{backend}' is not possible; choose one of {Cpu}, {RtlSim}");
        FineTuneOptions? defaults = backend == RtlSim ? SimulatedAccelerator.Defaults : null;
        FineTuneOptions options = _storage.Apply(parsed, _rank.Apply(parsed, _training.Read(parsed, defaults)), adapterPath) with
        {
            Method = FineTuneMethod.Parse(parsed.GetRequiredValue(_method)),
            Cache = parsed.GetValue(_cache) is { } cache ? CacheFormat.Parse(cache) : null,
            Taps = parsed.GetValue(_taps) is { } taps ? TapRule.Parse(taps) : [],
            Classes = parsed.GetValue(_classes),
            HeadStart = Choice.Parse<HeadStart>("--head", parsed.GetRequiredValue(_head)),
        };
        options.Check();
        return options;
    }

    private static string Argument(string option, string? value) => value is null ? "" : $" {option} {Quote(value)}";

    // Good enough to be copied: names with blanks are the ones that occur.
    private static string Quote(string value) => value.Contains(' ', StringComparison.Ordinal) ? $"'{value}'" : value;
}
