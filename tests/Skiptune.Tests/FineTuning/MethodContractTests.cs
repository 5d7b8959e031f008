using System.Runtime.InteropServices;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Networks;

namespace Skiptune.Tests.FineTuning;

/// <summary>What every method promises.</summary>
[Trait("Category", "Kernels")]
public class MethodContractTests
{
    public static TheoryData<string> Methods => new(FineTuneMethod.All.Select(method => method.Name));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Gradient_of_every_trained_tensor_equals_finite_differences(string name)
    {
        AdaptedGraph adapted = FineTuneMethod.Parse(name).Adapt(SmallNetworks.Branched(), new AdapterOptions(Rank: 2, Alpha: 3, Seed: 4));
        // B starts at zero, which would leave A without a gradient to check.
        SeededRandom random = new(6);
        Dictionary<string, Tensor> values = new(StringComparer.Ordinal);
        foreach (string parameter in adapted.Trained)
        {
            Tensor tensor = values[parameter] = adapted.Graph.Constants[parameter].Clone();
            Tensor noise = new(tensor.Shape);
            random.FillUniform(noise.Span, 0.3f);
            for (int i = 0; i < noise.Span.Length; i++)
                tensor.Span[i] += noise.Span[i];
        }
        DataSet data = SmallNetworks.Data(7);
        int[] all = [0, 1, 2, 3, 4, 5, 6];
        FiniteDifferences.Check(
            adapted.WithValues(values), [.. adapted.Trained], all.Length, program => data.Read(all, program.Value("x").Span), step: 2e-4f);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Before_the_first_step_the_network_is_the_base(string name)
    {
        Graph graph = SmallNetworks.Branched();
        AdaptedGraph adapted = FineTuneMethod.Parse(name).Adapt(graph, new AdapterOptions(Rank: 3, Alpha: 3, Seed: 4));
        Graph inference = adapted.Graph.With(nodes: adapted.Graph.Nodes.Select(node => node.Op is BatchNormalization op ? node with { Op = op with { Training = false } } : node));
        Assert.Equal(Logits(graph, [0, 1, 2]), Logits(inference, [0, 1, 2]));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Training_lowers_the_loss_and_leaves_the_base_alone(string name)
    {
        Graph graph = SmallNetworks.Branched();
        Dictionary<string, float[]> before = graph.Constants.ToDictionary(pair => pair.Key, pair => pair.Value.Span.ToArray(), StringComparer.Ordinal);
        using FineTuner tuner = new(graph, "base", new FineTuneOptions { Method = FineTuneMethod.Parse(name), Epochs = 8, BatchSize = 8 });
        FineTuneResult result = tuner.Fit(SmallNetworks.Data());
        Assert.True(result.FinalLoss < 0.9 * result.Losses[0], $"the loss went from {result.Losses[0]} to {result.FinalLoss}");
        Assert.Equal(result.TrainableParameters, tuner.Plan.TrainableParameters);
        foreach ((string constant, float[] values) in before)
            Assert.Equal(values, graph.Constants[constant].Span.ToArray());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Same_seed_gives_the_same_bytes_on_any_number_of_threads_and_any_kernels(string name)
    {
        FineTuneOptions options = new() { Method = FineTuneMethod.Parse(name), Epochs = 2, BatchSize = 7, Seed = 11 };
        string expected = Bytes(options with { Threads = 1 });
        Assert.Equal(expected, Bytes(options with { Threads = 1 }));
        Assert.Equal(expected, Bytes(options with { Threads = 2 }));
        Assert.Equal(expected, Bytes(options with { Threads = 3 }));
        foreach (KernelSet form in KernelSet.Available)
            Assert.Equal(expected, Bytes(options with { Threads = 2, Kernels = form }));
        Assert.NotEqual(expected, Bytes(options with { Seed = 12 }));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void An_exact_cache_changes_no_bit(string name)
    {
        FineTuneMethod method = FineTuneMethod.Parse(name);
        FineTuneOptions options = new() { Method = method.RequiresCache ? FineTuneMethod.SkipLora : method, Epochs = 3, BatchSize = 7, Tail = TailBatch.Keep };
        string expected = Bytes(options with { Cache = CacheFormat.None });
        Assert.Equal(expected, Bytes(options with { Cache = CacheFormat.Float32 }));
        Assert.Equal(expected, Bytes(options with { Cache = CacheFormat.Float32, Fill = CacheFill.Lazy }));
        if (method.RequiresCache)
            Assert.Equal(expected, Bytes(options with { Method = method, Cache = CacheFormat.Float32 }));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_tuned_model_can_be_tuned_again(string name)
    {
        FineTuneOptions options = new() { Method = FineTuneMethod.Parse(name), Epochs = 1, Alpha = 8 };
        Model model = new(SmallNetworks.Branched());
        for (int round = 0; round < 3; round++)
        {
            using FineTuner tuner = model.CreateFineTuner(options);
            model = Model.Read(Skiptune.Onnx.OnnxWriter.Write(model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter).Graph), "tuned.onnx");
        }
        Assert.True(model.Evaluate(SmallNetworks.Data()).Accuracy > 0.3);
    }

    [Fact]
    public void A_lazy_cache_equals_one_filled_before_in_every_format()
    {
        foreach (CacheFormat format in CacheFormat.All.Skip(1))
        {
            FineTuneOptions options = new() { Cache = format, Epochs = 2, BatchSize = 9 };
            Assert.Equal(Bytes(options), Bytes(options with { Fill = CacheFill.Lazy }));
        }
    }

    private static string Bytes(FineTuneOptions options)
    {
        using FineTuner tuner = new(SmallNetworks.Branched(), "base", options);
        FineTuneResult result = tuner.Fit(SmallNetworks.Data());
        using MemoryStream stream = new();
        foreach ((string name, Tensor tensor) in result.Adapter.Tensors)
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(name));
            stream.Write(MemoryMarshal.AsBytes(tensor.Span));
        }
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream.ToArray()));
    }

    private static float[] Logits(Graph graph, int[] samples)
    {
        using Workers workers = new(1);
        GraphProgram program = GraphProgram.Compile(
            graph, samples.Length, new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>(), new ProgramContext(KernelSet.Current, workers));
        SmallNetworks.Data().Read(samples, program.Value("x").Span);
        program.Forward();
        return program.Value("logits").Span.ToArray();
    }
}
