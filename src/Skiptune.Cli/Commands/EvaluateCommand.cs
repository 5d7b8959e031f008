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
    private readonly Option<string?> _model = CommonOptions.Model();
    private readonly Option<string?> _adapterPath = NewOption.OptionalText("--adapter-path", "folder", "Adapter that 'skiptune finetune' wrote [default: none, the base alone]");
    private readonly Option<string?> _data = CommonOptions.Data("the embedded sample of Fashion-MNIST");
    private readonly Option<string> _split = NewOption.Text("--split", "name", "test (t10k-*) or train", Choice.NameOf(FashionMnistSplit.Test));
    private readonly Option<double?> _rotate = CommonOptions.Rotate($"{Assets.Degrees} for the embedded sample, else 0");
    private readonly Option<int?> _samples = CommonOptions.TestSamples("all");
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _json = CommonOptions.Json();

    public EvaluateCommand()
        : base(
            "evaluate",
            "Measure accuracy and loss of a model, with an adapter or without.",
            "skiptune evaluate --model base.onnx --adapter-path adapters --data images --split test")
    {
        foreach (Option option in (Option[])[_model, _adapterPath, _data, _split, _rotate, _samples, _threads, _json])
            Add(option);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        FashionMnistSplit split = Choice.Parse<FashionMnistSplit>("--split", parsed.GetRequiredValue(_split));
        int? samples = DataArguments.CheckSamples("--test-samples", parsed.GetValue(_samples));
        int threads = UsageException.Guard(() => CheckThreads(parsed.GetValue(_threads)));
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        DataArguments source = DataArguments.FolderOrSample(parsed.GetValue(_data), parsed.GetValue(_rotate));
        Model model = Model.Load(parsed.GetValue(_model) ?? Assets.BaseModel);
        string? adapterPath = parsed.GetValue(_adapterPath);
        Model tuned = adapterPath is null ? model : WithAdapter(model, adapterPath);
        DataSet data = source.Load(split, samples, int.MaxValue, interruption.Token);
        Evaluation evaluation = tuned.Evaluate(data, threads, interruption.Token);

        json.Text.WriteLine($"samples     {evaluation.Samples:N0} of {source}, {Choice.NameOf(split)}");
        json.Text.WriteLine($"accuracy    {100 * evaluation.Accuracy:F2} %");
        json.Text.WriteLine($"loss        {evaluation.Loss:F4}");
        json.Write(writer =>
        {
            writer.WriteNumber("accuracy", evaluation.Accuracy);
            writer.WriteNumber("loss", evaluation.Loss);
            writer.WriteNumber("samples", evaluation.Samples);
            writer.WriteString("split", Choice.NameOf(split));
            EnvironmentJson.Write(writer, threads == 0 ? Environment.ProcessorCount : threads, KernelSet.Current.Name);
        });
        return ExitCode.Ok;
    }

    private static Model WithAdapter(Model model, string path)
    {
        Adapter adapter = Adapter.Load(path);
        try
        {
            return model.WithAdapter(adapter);
        }
        catch (SkiptuneException exception)
        {
            throw new SkiptuneException($"{path}: {exception.Message}", exception);
        }
    }

    private static int CheckThreads(int threads)
    {
        new FineTuneOptions { Threads = threads }.Check();
        return threads;
    }
}
