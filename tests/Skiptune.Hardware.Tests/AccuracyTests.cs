using System.Reflection;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;

namespace Skiptune.Hardware.Tests;

/// <summary>The integer model and the whole simulated job on the reference task: the embedded model and images, rotated by 75 degrees.</summary>
public sealed class AccuracyTests
{
    private static readonly string s_assets = Path.Combine(
        typeof(AccuracyTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!, "assets");

    private static readonly FashionMnistOptions Sample = new() { Directory = Path.Combine(s_assets, "fashion-mnist-sample") };

    [Fact]
    public void The_whole_job_is_bit_exact_fast_and_as_accurate_as_floating_point()
    {
        Tools.Require();
        Model model = Model.Load(Path.Combine(s_assets, "base-lenet.onnx"));
        DataSet train = Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Train, Sample), 75);
        DataSet test = Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Test, Sample), 75);
        AcceleratorResult result = new SimulatedAccelerator(model, new AcceleratorOptions())
            .Fit(train, SimulatedAccelerator.Defaults, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.BitExact);
        Assert.InRange(result.Cycles.Total, 1_000_000, 1_400_000);
        // The float engine has no tap gains; its rate was not searched for these batches.
        using FineTuner floating = model.CreateFineTuner(SimulatedAccelerator.Defaults with { Optimizer = new Sgd { LearningRate = 0.08f } });
        double expected = model.WithAdapter(floating.Fit(train).Adapter).Evaluate(test).Accuracy;
        double accuracy = model.WithAdapter(result.Adapter).Evaluate(test).Accuracy;
        Assert.InRange(accuracy, Math.Max(0.78, expected - 0.01), 1);
    }

    [Fact]
    public void Sums_of_any_weights_fit_into_the_accelerator()
    {
        Model model = Model.Load(Path.Combine(s_assets, "base-lenet.onnx"));
        DataSet samples = Rotation.Rotate(FashionMnist.Load(FashionMnistSplit.Test, Sample), 75).Take(32);
        // 400 weights of one size: each would take all of its 8 bits.
        model.Graph.Constants[Base.NetworkQuantizer.Layers(model)[2].Inputs[1]].Span.Fill(0.9f);
        foreach (Base.IntegerLayer layer in Base.NetworkQuantizer.Quantize(model, samples).Layers)
            Assert.All(Enumerable.Range(0, layer.Outputs), output => Assert.InRange(layer.LargestSum(output), 0, (1 << 23) - 1));
    }
}
