using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Hardware;

namespace Skiptune.Cli.Commands;

/// <summary>fpga simulate: a fine-tuning on the simulated accelerator, with its cycles.</summary>
internal sealed class FpgaSimulateCommand : ExampleCommand
{
    private const long DefaultTraceCycles = 10_000;

    private readonly ModelArguments _model;
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _trainSamples = CommonOptions.TrainSamples("all, at most 1024");
    private readonly Option<int?> _testSamples = CommonOptions.TestSamples("all");
    private readonly Option<int> _lanes = NewOption.Integer("--lanes", "Values multiplied in a cycle: 16, 32 or 64", new AcceleratorOptions().Lanes);
    private readonly Option<double?> _clock = NewOption.OptionalReal("--clock-mhz", "MHz", $"The clock that times are given for [default: {AcceleratorRun.DefaultClock}]");
    private readonly Option<string?> _trace = NewOption.OptionalText("--trace", "file", "Write waveforms (FST) of the chosen cycles; builds another simulator");
    private readonly Option<long> _traceFrom = NewOption.Long("--trace-from", "First cycle of the waveforms, counted from the start of the job", 0);
    private readonly Option<long> _traceCycles = NewOption.Long("--trace-cycles", "Cycles of the waveforms", DefaultTraceCycles);
    private readonly Option<string> _adapterPath = NewOption.Text("--adapter-path", "folder", "Where the adapter is written", "adapters");
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly TrainingArguments _training;
    private readonly DataArguments _dataArguments;
    private readonly Option<int> _rank = NewOption.Integer("--rank", "Rank of the adapters, 1 .. 8", new AcceleratorOptions().Rank);

    public FpgaSimulateCommand()
        : base(
            "simulate",
            "Fine-tune on the accelerator's RTL, simulated cycle by cycle. The simulator is built on first use (Verilator, a minute or two).",
            "skiptune fpga simulate --lanes 32 --clock-mhz 200 --adapter-path adapters --json fpga.json")
    {
        _model = new ModelArguments(this, output: null);
        foreach (Option option in (Option[])[_data, _rotate, _trainSamples, _testSamples, _lanes, _rank, _clock])
            Add(option);
        _dataArguments = new DataArguments(this);
        _training = new TrainingArguments(this, SimulatedAccelerator.Defaults);
        foreach (Option option in (Option[])[_trace, _traceFrom, _traceCycles, _adapterPath, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string adapterPath = parsed.GetRequiredValue(_adapterPath);
        OutputPath.CheckFolder(adapterPath);
        AcceleratorOptions hardware = new() { Lanes = parsed.GetValue(_lanes), Rank = parsed.GetValue(_rank) };
        FineTuneOptions options = UsageException.Guard(() =>
        {
            hardware.Check();
            FineTuneOptions read = _training.Read(parsed) with { Rank = hardware.Rank };
            read.Check();
            return read;
        });
        double clock = parsed.GetValue(_clock) ?? AcceleratorRun.DefaultClock;
        if (clock is not (> 0 and <= 10_000))
            throw new UsageException($"--clock-mhz must be above 0 and at most 10000, not {clock}");
        TraceWindow? trace = Trace(parsed);
        int? samples = SampleSource.CheckSamples("--train-samples", parsed.GetValue(_trainSamples));
        int? testSamples = SampleSource.CheckSamples("--test-samples", parsed.GetValue(_testSamples));
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        using SampleSource named = SampleSource.PathOrSample(parsed.GetValue(_data), parsed.GetValue(_rotate));
        Model model = _model.Load(parsed);
        using SampleSource source = named with { Options = _dataArguments.Read(parsed, named.Path!, model.Graph.Inputs[0].SampleShape, model.GetOutputLayer().Classes) };
        DataSet train = source.Load(Part.Train, samples, hardware.Samples, interruption.Token);
        DataSet test = source.Load(Part.Test, testSamples, int.MaxValue, interruption.Token);
        json.Text.WriteLine($"samples     {train.Count:N0} of {source}, {test.Count:N0} to test on");
        return AcceleratorRun.Run(model, train, test, options, hardware, trace, clock, adapterPath, json, interruption.Token);
    }

    private TraceWindow? Trace(ParseResult parsed)
    {
        (long from, long count) = (parsed.GetValue(_traceFrom), parsed.GetValue(_traceCycles));
        if (parsed.GetValue(_trace) is not { } path)
            return null;
        if (from < 0 || count < 1)
            throw new UsageException("--trace-from must be 0 or more and --trace-cycles 1 or more");
        OutputPath.CheckFile(path);
        return new TraceWindow(Path.GetFullPath(path), from, count);
    }
}
