using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Networks;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.FineTuning;

/// <summary>Every method on a network over sequences: Conv over lines, LayerNormalization, MatMul over the last axis.</summary>
public class SequenceNetworkTests
{
    public static TheoryData<string> Methods => MethodContractTests.Methods;

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_method_learns_and_its_network_is_saved_as_plain_onnx(string name)
    {
        Graph graph = Network();
        using FineTuner tuner = new(graph, "base", new FineTuneOptions { Method = FineTuneMethod.Parse(name), Rank = 2, Epochs = 12, BatchSize = 8 });
        FineTuneResult result = tuner.Fit(Data());
        Assert.True(result.FinalLoss < 0.9 * result.Losses[0], $"the loss went from {result.Losses[0]} to {result.FinalLoss}");
        Graph tuned = result.Adapter.ApplyTo(graph, "base");
        Graph back = OnnxReader.Read(OnnxWriter.Write(tuned), "tuned.onnx");
        DataSet data = Data(7);
        Assert.Equal(Logits(tuned, data), Logits(back, data), (a, b) => MathF.Abs(a - b) < 1e-4f);
    }

    [Theory]
    [InlineData("lora-all")]
    [InlineData("ft-all-lora")]
    [InlineData("ft-all")]
    [InlineData("skip-lora")]
    public void Gradients_equal_finite_differences(string name)
    {
        AdaptedGraph adapted = FineTuneMethod.Parse(name).Adapt(Network(), new AdapterOptions(Rank: 2, Alpha: 3, Seed: 4));
        // B starts at zero, which would leave A without a gradient to check.
        SeededRandom random = new(6);
        Dictionary<string, Tensor> values = new(StringComparer.Ordinal);
        foreach (string parameter in adapted.Trained)
            random.FillUniform((values[parameter] = new Tensor(adapted.Graph.Constants[parameter].Shape)).Span, 0.4f);
        DataSet data = Data(5);
        FiniteDifferences.Check(adapted.WithValues(values), [.. adapted.Trained], 5, program => data.Read([0, 1, 2, 3, 4], program.Value("x").Span), step: 1e-3f);
    }

    [Fact]
    public void A_layer_without_a_low_rank_form_is_named_with_the_method()
    {
        Graph graph = Network();
        ImmutableDictionary<string, Tensor> constants = graph.Constants.SetItem("conv.weight", Graphs.Ramp(2, 4, 3));
        Node[] nodes = [.. graph.Nodes.Select(node => node.Name == "conv" ? node with { Op = new ConvTranspose(new Window(1, 3) { PadLeft = 1, PadRight = 1 }) } : node)];
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => FineTuneMethod.LoraAll.Adapt(graph.With(nodes, constants), new AdapterOptions(2, 2, 1)));
        Assert.Contains("'conv'", error.Message);
        Assert.Contains("lora-all", error.Message);
        Assert.Contains("ConvTranspose", error.Message);
    }

    private static Graph Network()
    {
        SeededRandom random = new(3);
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        void Weight(string name, params ReadOnlySpan<int> shape) => random.FillUniform((constants[name] = new Tensor(new Shape(shape))).Span, 0.6f);
        Weight("conv.weight", 4, 2, 3);
        Weight("conv.bias", 4);
        Weight("norm.scale", 4);
        Weight("norm.bias", 4);
        Weight("mix.weight", 4, 6);
        Weight("mix.bias", 6);
        Weight("head.weight", 3, 6);
        Weight("head.bias", 3);
        foreach (ref float scale in constants["norm.scale"].Span)
            scale += 1;
        Node[] nodes =
        [
            new("conv", new Conv(new Window(1, 3) { PadLeft = 1, PadRight = 1 }), ["x", "conv.weight", "conv.bias"], ["c"]),
            new("turn", new Transpose([0, 2, 1]), ["c"], ["t"]),
            new("norm", new LayerNormalization(), ["t", "norm.scale", "norm.bias"], ["n"]),
            new("mix", new MatMul(HasWeight: true), ["n", "mix.weight"], ["m"]),
            new("mix bias", new Add(1), ["m", "mix.bias"], ["b"]),
            new("gelu", new Gelu(), ["b"], ["g"]),
            new("mean", new Reduce(Reduction.Mean, [1], KeepDims: false), ["g"], ["f"]),
            new("head", new Gemm(), ["f", "head.weight", "head.bias"], ["logits"]),
        ];
        return new Graph("sequence", [new GraphInput("x", new Shape(2, 9))], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["logits"]);
    }

    // Each class has a channel mean of its own.
    private static TensorDataSet Data(int count = 60)
    {
        SeededRandom random = new(2);
        Tensor samples = new(new Shape(count, 2, 9));
        random.FillUniform(samples.Span, 1);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3))];
        for (int i = 0; i < count; i++)
        {
            if (labels[i] < 2)
            {
                foreach (ref float value in samples.Rows(i, 1).Span[(labels[i] * 9)..(labels[i] * 9 + 9)])
                    value += 1.5f;
            }
        }
        return new TensorDataSet(samples, labels, 3);
    }

    private static float[] Logits(Graph graph, DataSet data) =>
        Programs.Run(graph, data.Count, (_, tensor) => data.Read([.. Enumerable.Range(0, data.Count)], tensor.Span))[0].Span.ToArray();
}
