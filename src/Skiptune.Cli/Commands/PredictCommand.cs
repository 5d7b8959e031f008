using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.Numerics;

namespace Skiptune.Cli.Commands;

/// <summary>predict: samples in, the model's outputs out.</summary>
internal sealed class PredictCommand : ExampleCommand
{
    private readonly Option<string?> _adapterPath = CommonOptions.Adapter();
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<string> _out = NewOption.Text("--out", "file", "NPY file for the output, samples on the first axis", "predictions.npy");
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly ModelArguments _model;
    private readonly DataArguments _dataArguments;

    public PredictCommand()
        : base(
            "predict",
            "Run a model over samples, with an adapter or without, and write its outputs. Needs no labels.",
            "skiptune predict --model base.onnx --adapter-path adapters --data x.npy --out y.npy")
    {
        _model = new ModelArguments(this, ModelArguments.Output("What is written", "what the adapter was trained at, else the first output"));
        foreach (Option option in (Option[])[_adapterPath, _data, _rotate, _out, _threads])
            Add(option);
        _dataArguments = new DataArguments(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputPath.CheckFile(path);
        using Interruption interruption = new();
        Model model = _model.LoadTuned(parsed, parsed.GetValue(_adapterPath));
        using SampleSource named = SampleSource.PathOrSample(parsed.GetValue(_data), parsed.GetValue(_rotate));
        using SampleSource source = named with { Options = _dataArguments.Read(parsed, named.Path!, model.Graph.Inputs[0].SampleShape, classes: null) with { Targets = TargetKind.None } };
        // Data in parts are asked about as data in one piece are: by what they hold to test with, else by all they hold.
        DataSet data = source.TryLoad(Part.Test, null, int.MaxValue, interruption.Token) ?? source.Load(Part.Train, null, int.MaxValue, interruption.Token);
        Tensor outputs = model.Predict(data, parsed.GetValue(_threads), interruption.Token);
        NpyFile.Write(path, outputs);
        Console.WriteLine($"wrote       {path}, {outputs.Shape} float32");
        return ExitCode.Ok;
    }
}
