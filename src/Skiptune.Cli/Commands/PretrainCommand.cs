using System.CommandLine;
using Skiptune.Cli.Arguments;
using Skiptune.Cli.Output;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Cli.Commands;

/// <summary>pretrain: the reference network, trained from nothing, as ONNX.</summary>
internal sealed class PretrainCommand : ExampleCommand
{
    private static readonly FineTuneOptions Defaults = new()
    {
        Method = FineTuneMethod.FtAll,
        Cache = CacheFormat.None,
        Epochs = 5,
        BatchSize = 64,
        Optimizer = new Adam { LearningRate = 0.002f },
    };

    private readonly Option<string> _out = NewOption.Text("--out", "file", "Where the ONNX file is written", "base.onnx");
    private readonly Option<string?> _data = CommonOptions.Data("Fashion-MNIST of the Debian package or the cache, else downloaded");
    private readonly Option<double?> _rotate = CommonOptions.Rotate("0");
    private readonly Option<int?> _trainSamples = CommonOptions.TrainSamples("all");
    private readonly Option<int?> _testSamples = CommonOptions.TestSamples("all");
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly TrainingArguments _training;

    public PretrainCommand()
        : base(
            "pretrain",
            "Train the reference network (a LeNet) from nothing on Fashion-MNIST and write it as ONNX.",
            "skiptune pretrain --out base.onnx --epochs 5 --seed 1")
    {
        foreach (Option option in (Option[])[_out, _data, _rotate, _trainSamples, _testSamples])
            Add(option);
        _training = new TrainingArguments(this, Defaults);
        Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        FineTuneOptions options = UsageException.Guard(() => Read(parsed));
        int? trainSamples = SampleSource.CheckSamples("--train-samples", parsed.GetValue(_trainSamples));
        int? testSamples = SampleSource.CheckSamples("--test-samples", parsed.GetValue(_testSamples));
        string path = parsed.GetRequiredValue(_out);
        OutputPath.CheckFile(path);
        JsonTarget json = new(parsed.GetValue(_json));

        using Interruption interruption = new();
        SampleSource source = new(parsed.GetValue(_data), parsed.GetValue(_rotate) ?? 0);
        source = source with { Options = new DataSourceOptions { Format = new SampleFormat { Channels = 1, Height = 28, Width = 28 } } };
        DataSet train = source.Load(Part.Train, trainSamples, int.MaxValue, interruption.Token);
        DataSet test = source.Load(Part.Test, testSamples, int.MaxValue, interruption.Token);
        Model model = new(ReferenceCnn.Create(options.Seed));
        using FineTuner tuner = model.CreateFineTuner(options);
        json.Text.WriteLine($"samples     {train.Count:N0} of {source}");
        json.Text.WriteLine(tuner.Plan);
        FineTuneResult result = EpochLines.Run(json.Text, options.Epochs, progress => tuner.Fit(train, null, progress, interruption.Token));
        interruption.Token.ThrowIfCancellationRequested();

        Model trained = model.WithAdapter(result.Adapter);
        Evaluation evaluation = trained.Evaluate(test, options.Threads, interruption.Token);
        trained.SaveOnnx(path);
        json.Text.WriteLine($"accuracy    {100 * evaluation.Accuracy:F2} % of {evaluation.Samples:N0} test samples, loss {evaluation.Loss:F4}");
        json.Text.WriteLine($"wrote       {path}");
        json.Write(writer =>
        {
            writer.WriteNumber("accuracy", evaluation.Accuracy);
            writer.WriteNumber("loss", evaluation.Loss);
            writer.WriteNumber("samples", evaluation.Samples);
            writer.WriteNumber("seconds", result.Seconds);
            writer.WriteNumber("trainable_parameters", result.TrainableParameters);
            writer.WriteNumber("final_loss", result.FinalLoss);
            writer.WriteString("out", path);
            EnvironmentJson.Write(writer, tuner.Plan.Threads, tuner.Plan.Kernels);
        });
        return ExitCode.Ok;
    }

    private FineTuneOptions Read(ParseResult parsed)
    {
        FineTuneOptions options = _training.Read(parsed);
        options.Check();
        return options;
    }
}
