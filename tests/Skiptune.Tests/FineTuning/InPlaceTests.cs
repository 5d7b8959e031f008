using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

/// <summary>Rows read and parameters updated where they lie give the bits of copies, gradients and a step apart.</summary>
[Trait("Category", "Kernels")]
public class InPlaceTests
{
    [Fact]
    public void Samples_that_lie_nowhere_train_to_the_same_bits()
    {
        TensorDataSet data = SmallNetworks.Data();
        nint[] addresses = new nint[data.Count];
        DataSet[] located =
        [
            data,
            data.Slice(0, data.Count),
            data.WithTargets(data.Targets),
            data.Select([.. Enumerable.Range(0, data.Count)]),
        ];
        Assert.All(located, set => Assert.True(set.TryLocate(addresses)));
        Assert.False(new Elsewhere(data).TryLocate(addresses));
        foreach (CacheFormat cache in CacheFormat.All.Skip(1))
        {
            FineTuneResult expected = SmallRuns.Fit(Options(cache), data: new Elsewhere(data));
            foreach (DataSet set in located)
                AssertSame(expected, SmallRuns.Fit(Options(cache), data: set));
            AssertSame(expected, SmallRuns.Fit(Options(cache) with { Threads = 3 }, data: data));
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void A_step_in_the_backward_pass_is_the_step_after_it(string optimizer)
    {
        foreach (FineTuneMethod method in (FineTuneMethod[])[FineTuneMethod.SkipLora, FineTuneMethod.LoraLast, FineTuneMethod.LoraAll, FineTuneMethod.FtAllLora])
        {
            FineTuneOptions options = new() { Method = method, Optimizer = SmallRuns.Optimizer(optimizer), Rank = 3, Alpha = 2 };
            Graph graph = SmallNetworks.Branched();
            AdaptedGraph adapted = method.Adapt(graph, options.AdapterOptions);
            Dictionary<string, Tensor> apart = Train(adapted, options.Optimizer, inPlace: false);
            Dictionary<string, Tensor> fused = Train(adapted, options.Optimizer, inPlace: true);
            foreach ((string name, Tensor tensor) in apart)
                Assert.Equal(tensor.Span.ToArray(), fused[name].Span.ToArray());
            Assert.Contains(apart.Keys, name => !apart[name].Span.SequenceEqual(adapted.Graph.Constants[name].Span));
        }
    }

    [Fact]
    public void Only_a_parameter_with_one_use_is_updated_in_place()
    {
        Tensor weight = new(new Shape(2, 4));
        Graph once = Shared([new("first", new LowRankAdapter(1, 1), ["base", "x", "a", "b"], ["y"])], weight);
        Graph twice = Shared(
            [
                new("first", new LowRankAdapter(1, 1), ["base", "x", "a", "b"], ["z"]),
                new("second", new LowRankAdapter(1, 1), ["z", "x", "a", "b"], ["y"]),
            ],
            weight);
        Dictionary<string, ParameterUpdate> trained = new(StringComparer.Ordinal) { ["a"] = new ParameterUpdate(weight, []), ["b"] = new ParameterUpdate(new Tensor(new Shape(3, 2)), []) };
        KeyValuePair<string, RowFormat>[] rows = [new("x", new RowFormat(4, Signed: false)), new("base", RowFormat.Float32)];
        Assert.Equal(["a"], InPlace.Of(once, rows, trained).Updates.Keys);
        Assert.Empty(InPlace.Of(twice, rows, trained).Updates);
        // The base is added to, so it is copied.
        Assert.Equal(["x"], InPlace.Of(once, rows, trained).Rows.Keys);
        Assert.Equal(["x"], InPlace.Of(twice, rows, trained).Rows.Keys);
        // An operator that needs a tensor needs it for all.
        Graph mixed = Shared([new("first", new LowRankAdapter(1, 1), ["base", "x", "a", "b"], ["z"]), new("relu", new Relu(), ["x"], ["w"]), new("add", new Add(), ["z", "base"], ["y"])], weight);
        Assert.Empty(InPlace.Of(mixed, rows, trained).Rows);
    }

    private static Graph Shared(Node[] nodes, Tensor weight) => new(
        "shared",
        [new GraphInput("base", new Shape(3)), new GraphInput("x", new Shape(4))],
        nodes,
        new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = weight, ["b"] = new Tensor(new Shape(3, 2)) }.ToImmutableDictionary(),
        ["y"]);

    private static Dictionary<string, Tensor> Train(AdaptedGraph adapted, Optimizer optimizer, bool inPlace)
    {
        const int Batch = 7;
        Dictionary<string, Tensor> values = adapted.Changing.ToDictionary(name => name, name => adapted.Graph.Constants[name].Clone(), StringComparer.Ordinal);
        Dictionary<string, ParameterUpdate> trained = adapted.Trained.ToDictionary(
            name => name, name => new ParameterUpdate(values[name], [.. Enumerable.Range(0, optimizer.States).Select(_ => new Tensor(values[name].Shape))]), StringComparer.Ordinal);
        InPlace here = inPlace ? InPlace.Of(adapted.Graph, [], trained) : InPlace.None;
        Assert.Equal(inPlace, here.Updates.Count > 0);
        Dictionary<string, Tensor> gradients = adapted.Trained.Where(name => !here.Updates.ContainsKey(name)).ToDictionary(name => name, name => new Tensor(values[name].Shape), StringComparer.Ordinal);
        using Workers workers = new(2);
        KernelSet kernels = KernelSet.Current;
        GraphProgram program = GraphProgram.Compile(adapted.Graph, Batch, values, gradients, new ProgramContext(kernels, workers), here);
        SeededRandom random = new(4);
        for (int step = 0; step < 5; step++)
        {
            random.FillUniform(program.Value("x").Span, 1);
            program.Forward();
            random.FillUniform(program.Gradient(adapted.Graph.Outputs[0]).Span, 1);
            OptimizerStep constants = optimizer.StepOf(0.05f, step + 1);
            foreach (ParameterUpdate update in here.Updates.Values)
                update.Step = constants;
            program.Backward();
            foreach ((string name, Tensor gradient) in gradients)
                kernels.Update(constants, values[name].Span, gradient.Span, trained[name].First, trained[name].Second);
        }
        return values;
    }

    private static FineTuneOptions Options(CacheFormat cache) => new() { Cache = cache, Epochs = 3, BatchSize = 7, Threads = 1 };

    private static void AssertSame(FineTuneResult expected, FineTuneResult actual)
    {
        Assert.Equal(expected.Losses, actual.Losses);
        foreach ((string name, Tensor tensor) in expected.Adapter.Tensors)
            Assert.Equal(tensor.Span.ToArray(), actual.Adapter.Tensors[name].Span.ToArray());
    }

    /// <summary>Samples that can only be read.</summary>
    private sealed class Elsewhere(DataSet source) : DataSet(source.SampleShape, source.Targets)
    {
        protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination) => source.Read(indices, destination);
    }
}
