using System.CommandLine;
using Skiptune.Cli.Arguments;

namespace Skiptune.Cli.Commands;

/// <summary>compare: every method side by side on a model and data of the user's.</summary>
internal sealed class CompareCommand : ExampleCommand
{
    /// <summary>The training samples of the published task.</summary>
    public const int TrainSamples = 1024;

    /// <summary>The test samples of the published task.</summary>
    public const int TestSamples = 10_000;

    public CompareCommand()
        : base(
            "compare",
            "Fine-tune a model by several methods with the same data and seeds; show accuracy, time and cache size side by side.",
            "skiptune compare --model base.onnx --data fashion-mnist --rotate 75 --methods ft-last,skip2-lora")
    {
        ModelArguments model = new(this, ModelArguments.Output("What is trained and measured"));
        Option<string?> data = CommonOptions.Data("Fashion-MNIST of the Debian package or the cache, else downloaded");
        Option<double?> rotate = CommonOptions.Rotate($"{Assets.Degrees}");
        Option<int?> trainSamples = CommonOptions.TrainSamples($"{TrainSamples}");
        Option<int?> testSamples = CommonOptions.TestSamples($"{TestSamples}");
        foreach (Option option in (Option[])[data, rotate, trainSamples, testSamples])
            Add(option);
        Comparing comparing = new(this);
        SetAction(parsed => comparing.Run(
            parsed,
            model.Path(parsed),
            () => model.Load(parsed),
            new SampleSource(parsed.GetValue(data), parsed.GetValue(rotate) ?? Assets.Degrees),
            SampleSource.CheckSamples("--train-samples", parsed.GetValue(trainSamples)),
            SampleSource.CheckSamples("--test-samples", parsed.GetValue(testSamples)),
            published: false));
    }
}
