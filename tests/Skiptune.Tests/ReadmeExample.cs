using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Tests;

/// <summary>The example of the README, which <see cref="DocumentedCode"/> compares with this code, runs.</summary>
[Collection(nameof(ReadmeExample))]
[CollectionDefinition(nameof(ReadmeExample), DisableParallelization = true)] // it changes the current folder
public sealed class ReadmeExample : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skiptune").FullName;

    [Fact]
    public void The_example_runs()
    {
        string before = Environment.CurrentDirectory;
        new Model(GoldenFiles.PretrainedCnn()).SaveOnnx(Path.Combine(_folder, "base.onnx"));
        Environment.CurrentDirectory = _folder;
        try
        {
            Run(GoldenFiles.RotatedSample("train").Take(200), GoldenFiles.RotatedSample("t10k").Take(50), null, GoldenFiles.RotatedSample("t10k").Take(100), TestContext.Current.CancellationToken);
            Model model = Model.Load("base.onnx");
            Model again = model.WithAdapter(Adapter.Load("adapters"));
            Model written = Model.Load("tuned.onnx");
            Assert.Equal(again.Evaluate(GoldenFiles.RotatedSample("t10k")).Accuracy, written.Evaluate(GoldenFiles.RotatedSample("t10k")).Accuracy);
            Assert.True(again.Evaluate(GoldenFiles.RotatedSample("t10k")).Accuracy > 0.5);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Run(DataSet train, DataSet validation, IProgress<FineTuneProgress>? progress, DataSet test, CancellationToken cancellationToken)
    {
        Model model = Model.Load("base.onnx");
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions
        {
            Method = FineTuneMethod.Skip2Lora,
            Rank = 4,
            Epochs = 10,
            BatchSize = 20,
            Optimizer = new Adam { LearningRate = 0.01f },
            Schedule = Schedule.Cosine,
            Cache = CacheFormat.Int4,
            Seed = 42,
        });
        Console.WriteLine(tuner.Plan); // taps, trainable parameters, cache bytes, memory, kernels
        FineTuneResult result = tuner.Fit(train, validation, progress, cancellationToken);
        result.Adapter.Save("adapters"); // adapter_model.safetensors and adapter_config.json
        Model tuned = model.WithAdapter(result.Adapter);
        Console.WriteLine(tuned.Evaluate(test, cancellationToken: cancellationToken).Accuracy);
        tuned.SaveOnnx("tuned.onnx"); // plain ONNX
    }
}
