using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Cli.Commands;

/// <summary>evaluate: accuracy and loss of a model, with an adapter or without.</summary>
internal sealed class EvaluateCommand : ExampleCommand
{
    private readonly Option<string?> _adapterPath = CommonOptions.Adapter();
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<string> _split = NewOption.Text("--split", "name", "test, valid or train", Choice.NameOf(Part.Test));
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _samples = CommonOptions.TestSamples("all");
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly ModelArguments _model;
    private readonly DataArguments _dataArguments;

    public EvaluateCommand()
        : base(
            "evaluate",
            "Measure accuracy and loss of a model, with an adapter or without.",
            "skiptune evaluate --model base.onnx --adapter-path adapters --data images --split test")
    {
        _model = new ModelArguments(this, ModelArguments.Output("What is measured", "what the adapter was trained at, else the only output"));
        foreach (Option option in (Option[])[_adapterPath, _data, _split, _rotate, _samples, _threads, _json])
            Add(option);
        _dataArguments = new DataArguments(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        Part split = Choice.Parse<Part>("--split", parsed.GetRequiredValue(_split));
        int? samples = SampleSource.CheckSamples("--test-samples", parsed.GetValue(_samples));
        int threads = UsageException.Guard(() => CheckThreads(parsed.GetValue(_threads)));
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        using SampleSource named = SampleSource.PathOrSample(parsed.GetValue(_data), parsed.GetValue(_rotate));
        Model tuned = _model.LoadTuned(parsed, parsed.GetValue(_adapterPath));
        using SampleSource source = named with { Options = _dataArguments.Read(parsed, named.Path!, tuned.Graph.Inputs[0].SampleShape, tuned.GetOutputLayer().Classes) };
        DataSet data = source.Load(split, samples, int.MaxValue, interruption.Token);
        Evaluation evaluation = tuned.Evaluate(data, threads, interruption.Token);

        json.Text.WriteLine($"samples     {evaluation.Samples:N0} of {source}, {Choice.NameOf(split)}");
        if (!double.IsNaN(evaluation.Accuracy))
        {
            json.Text.WriteLine($"accuracy    {100 * evaluation.Accuracy:F2} %");
            json.Text.WriteLine($"loss        {evaluation.Loss:F4}");
            if (evaluation.Confusion is { } confusion)
                ConfusionTables.Write(json.Text, confusion, data.Targets.ClassNames);
        }
        else
        {
            json.Text.WriteLine($"error       {evaluation.Loss:G6}, mean square of a value");
        }
        json.Write(writer =>
        {
            if (!double.IsNaN(evaluation.Accuracy))
                writer.WriteNumber("accuracy", evaluation.Accuracy);
            if (evaluation.Confusion is { } matrix)
                ConfusionTables.Write(writer, matrix);
            writer.WriteNumber("loss", evaluation.Loss);
            writer.WriteNumber("samples", evaluation.Samples);
            writer.WriteString("split", Choice.NameOf(split));
            EnvironmentJson.Write(writer, threads == 0 ? Environment.ProcessorCount : threads, KernelSet.Current.Name);
        });
        return ExitCode.Ok;
    }

    private static int CheckThreads(int threads)
    {
        new FineTuneOptions { Threads = threads }.Check();
        return threads;
    }
}
