using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware;

namespace Skiptune.Cli.Commands;

/// <summary>What fpga simulate and fpga run have in common: a fine-tuning on an accelerator, with its cycles.</summary>
internal abstract class FpgaTrainingCommand : ExampleCommand
{
    private readonly ModelArguments _model;
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _trainSamples = CommonOptions.TrainSamples("all that the accelerator's cache holds");
    private readonly Option<int?> _testSamples = CommonOptions.TestSamples("all");
    private readonly Option<double?> _clock = NewOption.OptionalReal("--clock-mhz", "MHz", $"The clock that times are given for [default: {AcceleratorRun.DefaultClock}]");
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly TrainingArguments _training;
    private readonly DataArguments _dataArguments;

    protected FpgaTrainingCommand(string name, string description, string example, params Option[] hardware)
        : base(name, description, example)
    {
        _model = new ModelArguments(this, output: null);
        foreach (Option option in (Option[])[_data, _rotate, _trainSamples, _testSamples, .. hardware, _clock])
            Add(option);
        _dataArguments = new DataArguments(this);
        _training = new TrainingArguments(this, SimulatedAccelerator.Defaults);
        foreach (Option option in (Option[])[_adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    /// <summary>Fine-tunes on some accelerator.</summary>
    protected delegate AcceleratorResult Trainer(Model model, DataSet train, FineTuneOptions options, CancellationToken cancellationToken);

    /// <summary>Checks the command's own options before anything is loaded, and finds the accelerator.</summary>
    /// <returns>How it is built, how it trains, and what has to be closed in the end.</returns>
    protected abstract (AcceleratorOptions Hardware, Trainer Train, IDisposable? Device) Open(ParseResult parsed);

    private int Run(ParseResult parsed)
    {
        string adapterPath = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(adapterPath);
        FineTuneOptions training = UsageException.Guard(() =>
        {
            FineTuneOptions read = _training.Read(parsed);
            read.Check();
            return read;
        });
        double clock = parsed.GetValue(_clock) ?? AcceleratorRun.DefaultClock;
        if (clock is not (> 0 and <= 10_000))
            throw new UsageException($"--clock-mhz must be above 0 and at most 10000, not {clock}");
        int? samples = SampleSource.CheckSamples("--train-samples", parsed.GetValue(_trainSamples));
        int? testSamples = SampleSource.CheckSamples("--test-samples", parsed.GetValue(_testSamples));
        JsonTarget json = new(parsed.GetValue(_json));
        (AcceleratorOptions hardware, Trainer trainer, IDisposable? device) = Open(parsed);
        using (device)
        {
            FineTuneOptions options = training with { Rank = hardware.Rank };
            using Interruption interruption = new();
            using SampleSource named = SampleSource.PathOrSample(parsed.GetValue(_data), parsed.GetValue(_rotate));
            Model model = _model.Load(parsed);
            using SampleSource source = named with { Options = _dataArguments.Read(parsed, named.Path!, model.Graph.Inputs[0].SampleShape, model.GetOutputLayer().Classes) };
            DataSet train = source.Load(Part.Train, samples, hardware.Samples, interruption.Token);
            DataSet test = source.Load(Part.Test, testSamples, int.MaxValue, interruption.Token);
            json.Text.WriteLine($"samples     {train.Count:N0} of {source}, {test.Count:N0} to test on");
            return AcceleratorRun.Run(model, train, test, options, hardware, token => trainer(model, train, options, token), clock, adapterPath, json, interruption.Token);
        }
    }
}
