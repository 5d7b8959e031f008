using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Networks;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.FineTuning;

/// <summary>Merged adapters: the base's nodes, the tuned model's answers.</summary>
public class MergeTests
{
    public static TheoryData<string> Merging => [.. FineTuneMethod.All.Where(method => method.CanMerge).Select(method => method.Name)];

    public static TheoryData<string> NotMerging => [.. FineTuneMethod.All.Where(method => !method.CanMerge).Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(Merging))]
    public void A_merged_model_has_the_nodes_of_the_base_and_the_answers_of_the_tuned_one(string method)
    {
        (Model model, Adapter adapter) = Tune(SmallNetworks.Branched(), new FineTuneOptions { Method = FineTuneMethod.Parse(method), Alpha = 6, Epochs = 3 });
        Model tuned = model.WithAdapter(adapter);
        Model merged = model.WithAdapter(adapter, merge: true);
        AssertMerged(model, tuned, merged);
        Assert.NotEqual(Answers(model), Answers(merged));
    }

    [Theory]
    [MemberData(nameof(Merging))]
    public void A_written_merged_model_has_the_nodes_of_the_source_and_its_answers_in_another_runtime(string method)
    {
        OnnxRuntime.SkipUnlessPresent();
        (Model model, Adapter adapter) = Tune(SmallNetworks.Branched(), new FineTuneOptions { Method = FineTuneMethod.Parse(method), Epochs = 2 });
        Model merged = model.WithAdapter(adapter, merge: true);
        string path = Path.GetTempFileName();
        merged.SaveOnnx(path);
        string[] Operators(byte[] file) => [.. Skiptune.Onnx.Proto.ModelProto.Parser.ParseFrom(file).Graph.Node.Select(node => node.OpType)];
        Assert.Equal(Operators(OnnxWriter.Write(model.Graph)), Operators(File.ReadAllBytes(path)));
        DataSet data = SmallNetworks.Data(9, 5);
        Tensor input = new(data.SampleShape.Prepend(data.Count));
        data.Read([.. Enumerable.Range(0, data.Count)], input.Span);
        OnnxRuntime.AssertClose(OnnxRuntime.Run(path, input), Answers(model.WithAdapter(adapter)));
        File.Delete(path);
    }

    [Theory]
    [MemberData(nameof(NotMerging))]
    public void A_skip_method_is_refused_by_name(string method)
    {
        (Model model, Adapter adapter) = Tune(SmallNetworks.Branched(), new FineTuneOptions { Method = FineTuneMethod.Parse(method), Epochs = 1 });
        string message = Assert.Throws<SkiptuneException>(() => model.WithAdapter(adapter, merge: true)).Message;
        Assert.StartsWith($"an adapter of {method} cannot be merged", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_new_head_is_merged_as_a_layer()
    {
        (Model model, Adapter adapter) = Tune(SmallNetworks.Branched(), new FineTuneOptions { Method = FineTuneMethod.LoraAll, Classes = 5, Epochs = 2 });
        Model merged = model.WithAdapter(adapter, merge: true);
        Assert.Equal(model.Graph.Nodes.Length, merged.Graph.Nodes.Length);
        AssertClose(Answers(model.WithAdapter(adapter)), Answers(merged));
    }

    [Fact]
    public void A_weight_of_two_layers_becomes_two()
    {
        Graph graph = WithTail(
            ("square", Graphs.Ramp(3, 3)),
            new Node("first", new Gemm(), ["logits", "square"], ["once"]),
            new Node("second", new Gemm(TransposeB: false), ["once", "square"], ["y"]));
        (Model model, Adapter adapter) = Tune(graph, new FineTuneOptions { Method = FineTuneMethod.LoraAll, Epochs = 2, Optimizer = new Adam { LearningRate = 0.002f } });
        AssertMerged(model, model.WithAdapter(adapter), model.WithAdapter(adapter, merge: true));
    }

    [Fact]
    public void A_layer_over_the_last_axis_is_merged()
    {
        Graph graph = WithTail(
            ("wide", Graphs.Ramp(1, 4)),
            new Node("tokens", new Reshape([0, 3, 1]), ["logits"], ["tokens"]),
            new Node("each", new MatMul(HasWeight: true), ["tokens", "wide"], ["w"]),
            new Node("mean", new Reduce(Reduction.Mean, [1], KeepDims: false), ["w"], ["y"]));
        (Model model, Adapter adapter) = Tune(graph, new FineTuneOptions { Method = FineTuneMethod.LoraAll, Epochs = 2 });
        AssertMerged(model, model.WithAdapter(adapter), model.WithAdapter(adapter, merge: true));
    }

    [Fact]
    public void A_convolution_of_groups_is_named()
    {
        Graph graph = SmallNetworks.Branched();
        graph = graph.With(
            graph.Nodes.Select(node => node.Name == "conv2" ? node with { Op = new Conv(((Conv)node.Op).Window, 2) } : node),
            graph.Constants.SetItem("conv2.weight", Graphs.Ramp(4, 2, 3, 3)));
        (Model model, Adapter adapter) = Tune(graph, new FineTuneOptions { Method = FineTuneMethod.LoraAll, Epochs = 1, Optimizer = new Adam { LearningRate = 0.001f } });
        string message = Assert.Throws<SkiptuneException>(() => model.WithAdapter(adapter, merge: true)).Message;
        Assert.StartsWith("node 'conv2': its adapter cannot be merged", message);
    }

    private static void AssertMerged(Model model, Model tuned, Model merged)
    {
        Assert.Equal(model.Graph.Nodes.Select(node => (node.Name, node.Op)), merged.Graph.Nodes.Select(node => (node.Name, node.Op)));
        AssertClose(Answers(tuned), Answers(merged));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        float scale = expected.Max(MathF.Abs);
        Assert.Equal(expected, actual, (a, b) => MathF.Abs(a - b) <= 1e-5f * scale);
    }

    private static Graph WithTail((string Name, Tensor Values) constant, params Node[] nodes)
    {
        Graph graph = SmallNetworks.Branched();
        return graph.With([.. graph.Nodes, .. nodes], graph.Constants.Add(constant.Name, constant.Values), ["y"]);
    }

    private static (Model Model, Adapter Adapter) Tune(Graph graph, FineTuneOptions options)
    {
        Model model = new(graph);
        using FineTuner tuner = model.CreateFineTuner(options);
        return (model, tuner.Fit(SmallNetworks.Data()).Adapter);
    }

    private static float[] Answers(Model model) => model.Predict(SmallNetworks.Data(9, 5)).Span.ToArray();
}
