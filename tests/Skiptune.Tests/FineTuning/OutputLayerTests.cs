using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Tests.Networks;

namespace Skiptune.Tests.FineTuning;

/// <summary>Models that end in an activation are trained on the scores before it, and end in it afterwards.</summary>
public class OutputLayerTests
{
    private static readonly Dictionary<string, Func<Graph>> Tails = new(StringComparer.Ordinal)
    {
        ["softmax"] = () => SmallNetworks.WithTail("y", new Node("end", new Softmax(), ["logits"], ["y"])),
        ["log softmax"] = () => SmallNetworks.WithTail("y", new Node("end", new Softmax(1, Log: true), ["logits"], ["y"])),
        ["softmax in another shape"] = () => SmallNetworks.WithTail(
            "y",
            new Node("planes", new Reshape([0, 3, 1, 1]), ["logits"], ["planes"]),
            new Node("end", new Softmax(1), ["planes"], ["shares"]),
            new Node("copy", new Scale(1), ["shares"], ["copied"]),
            new Node("flat", new Flatten(), ["copied"], ["y"])),
        ["softmax of an older operator set"] = () => SmallNetworks.WithTail(
            "y",
            new Node("row", new Reshape([0, 1, 3]), ["logits"], ["row"]),
            new Node("end", new Softmax(1, ToEnd: true), ["row"], ["shares"]),
            new Node("squeeze", new Squeeze([1]), ["shares"], ["y"])),
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string tail in Tails.Keys)
            {
                foreach (FineTuneMethod method in FineTuneMethod.All)
                    cases.Add(tail, method.Name);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_final_activation_changes_nothing_of_the_training(string tail, string method)
    {
        FineTuneOptions options = new() { Method = FineTuneMethod.Parse(method), Epochs = 2, Threads = 1 };
        Graph graph = Tails[tail]();
        using FineTuner tuner = new(graph, "base", options);
        FineTuneResult result = tuner.Fit(SmallNetworks.Data(), SmallNetworks.Data(20, seed: 5));
        FineTuneResult plain = SmallRuns.Fit(options, validate: true);
        Assert.Equal(plain.Losses, result.Losses);
        Assert.Equal(plain.Validation, result.Validation);
        Assert.Equal(plain.Adapter.Tensors.Keys, result.Adapter.Tensors.Keys);
        foreach ((string name, Tensor tensor) in plain.Adapter.Tensors)
            Assert.Equal(tensor.Span.ToArray(), result.Adapter.Tensors[name].Span.ToArray());

        // The tuned model ends as the base does.
        Graph tuned = result.Adapter.ApplyTo(graph, "base");
        Graph scores = plain.Adapter.ApplyTo(SmallNetworks.Branched(), "base");
        Assert.Equal(graph.Nodes[^1].Op, tuned.Nodes[^1].Op);
        Assert.Equal(graph.Outputs, tuned.Outputs);
        bool log = tail.StartsWith("log", StringComparison.Ordinal);
        float[] expected = [.. Programs.Run(scores, 4)[0].Span.ToArray().Chunk(3).SelectMany(row => Shares(row, log))];
        Assert.Equal(expected, Programs.Run(tuned, 4)[0].Span.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5 * (1 + Math.Abs(a)));
        Model written = new(OnnxReader.Read(OnnxWriter.Write(tuned), "tuned.onnx"));
        Assert.Equal(result.Validation!.Accuracy, written.Evaluate(SmallNetworks.Data(20, seed: 5)).Accuracy);
        Assert.Equal(result.Validation!.Loss, written.Evaluate(SmallNetworks.Data(20, seed: 5)).Loss, 1e-5);
    }

    [Theory]
    [InlineData("skip2-lora")]
    [InlineData("lora-last")]
    [InlineData("ft-all")]
    public void Scores_with_axes_of_one_are_vectors_too(string method)
    {
        // As of networks whose last layer is a convolution.
        FineTuneOptions options = new() { Method = FineTuneMethod.Parse(method), Epochs = 2, Threads = 1 };
        Graph graph = SmallNetworks.WithTail(
            "y",
            new Node("planes", new Reshape([0, 3, 1, 1]), ["logits"], ["planes"]),
            new Node("more", new Add(), ["planes", "planes"], ["more"]),
            new Node("end", new Softmax(1), ["more"], ["y"]));
        using FineTuner tuner = new(graph, "base", options);
        FineTuneResult result = tuner.Fit(SmallNetworks.Data());
        Assert.True(result.FinalLoss < result.Losses[0]);
        Graph tuned = result.Adapter.ApplyTo(graph, "base");
        Assert.Equal(new Shape(4, 3, 1, 1), Programs.Run(tuned, 4)[0].Shape);
        Graph back = OnnxReader.Read(OnnxWriter.Write(tuned), "tuned.onnx");
        Assert.Equal(Programs.Run(tuned, 4)[0].Span.ToArray(), Programs.Run(back, 4)[0].Span.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-5);
    }

    [Fact]
    public void A_softmax_over_part_of_a_sample_is_no_final_activation()
    {
        Graph graph = SmallNetworks.WithTail(
            "y",
            new Node("parts", new Reshape([0, 3, 1]), ["logits"], ["parts"]),
            new Node("end", new Softmax(-1), ["parts"], ["shares"]),
            new Node("flat", new Flatten(), ["shares"], ["y"]));
        OutputLayer layer = OutputLayer.Find(graph, null);
        Assert.Equal((OutputActivation.None, "y", "y"), (layer.Activation, layer.Scores, layer.Output));
    }

    [Theory]
    [InlineData("skip2-lora")]
    [InlineData("ft-all")]
    public void A_new_head_ends_in_the_same_activation(string method)
    {
        Model model = new(Tails["softmax in another shape"]());
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Classes = 5, Epochs = 2 });
        Model tuned = model.WithAdapter(tuner.Fit(SmallNetworks.Data()).Adapter);
        OutputLayer layer = tuned.GetOutputLayer();
        Assert.Equal((OutputActivation.Softmax, 5), (layer.Activation, layer.Classes));
        Assert.DoesNotContain(tuned.Graph.Nodes, node => node.Name is "dense2" or "end");
        Tensor shares = tuned.Predict(SmallNetworks.Data(4));
        Assert.All(shares.Span.ToArray().Chunk(5), row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void A_single_sigmoid_tells_two_classes_apart()
    {
        Model model = new(SmallNetworks.Binary());
        Assert.Equal(2, model.GetOutputLayer().Classes);
        TensorDataSet three = SmallNetworks.Data(200);
        DataSet data = Relabelled(three, label => label == 2 ? 1 : 0, 2);
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Epochs = 10 });
        FineTuneResult result = tuner.Fit(data);
        Model tuned = model.WithAdapter(result.Adapter);
        Evaluation evaluation = tuned.Evaluate(data);
        Assert.True(evaluation.Accuracy > 0.8 && evaluation.Loss < model.Evaluate(data).Loss, $"{evaluation}");
        Assert.Equal(2, evaluation.Confusion!.Classes);
        // The loss is that of the probability the model gives.
        float[] probabilities = tuned.Predict(data).Span.ToArray();
        double expected = probabilities.Select((p, i) => -Math.Log(data.Labels[i] == 1 ? p : 1 - p)).Average();
        Assert.Equal(expected, evaluation.Loss, 1e-4);
        Assert.Contains("3 classes", Assert.Throws<SkiptuneException>(() => model.Evaluate(three)).Message);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    public void Gradient_of_the_binary_cross_entropy_equals_finite_differences(int scores, int classes)
    {
        const int Rows = 6;
        Tensor z = new(new Shape(Rows, scores));
        new SeededRandom(3).FillUniform(z.Span, 3);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(row => row % classes)];
        Tensor gradient = new(z.Shape);
        Tensor scratch = new(z.Shape);
        BinaryCrossEntropy.Compute(KernelSet.Current, z, labels, gradient);
        for (int i = 0; i < z.Shape.Count; i++)
        {
            const float Step = 1e-2f;
            float value = z.Span[i];
            z.Span[i] = value + Step;
            double above = BinaryCrossEntropy.Compute(KernelSet.Current, z, labels, scratch);
            z.Span[i] = value - Step;
            double below = BinaryCrossEntropy.Compute(KernelSet.Current, z, labels, scratch);
            z.Span[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient.Span[i], 1e-4);
        }
        z.Span.Fill(-200);
        Assert.True(double.IsFinite(BinaryCrossEntropy.Compute(KernelSet.Current, z, labels, scratch)));
    }

    [Theory]
    [InlineData("skip2-lora")]
    [InlineData("ft-all")]
    public void Numbers_are_learned_at_the_output_behind_the_activation(string method)
    {
        TensorDataSet data = SmallNetworks.Data();
        Tensor wanted = new(new Shape(data.Count, 3));
        for (int i = 0; i < data.Count; i++)
            wanted.Span[i * 3 + data.Labels[i]] = 1;
        Tensor samples = new(data.SampleShape.Prepend(data.Count));
        data.Read([.. Enumerable.Range(0, data.Count)], samples.Span);
        TensorDataSet numbers = new(samples, Targets.Values(wanted));
        Model model = new(SmallNetworks.WithTail("y", new Node("end", new Sigmoid(), ["logits"], ["y"])));
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.Parse(method), Epochs = 30 });
        Model tuned = model.WithAdapter(tuner.Fit(numbers).Adapter);
        double mean = tuned.Predict(numbers).Span.ToArray().Zip(wanted.Span.ToArray(), (a, b) => (double)(a - b) * (a - b)).Average();
        Evaluation evaluation = tuned.Evaluate(numbers);
        Assert.Equal(mean, evaluation.Loss, 1e-6);
        Assert.True(evaluation.Loss < 0.8 * model.Evaluate(numbers).Loss, $"{evaluation}");
        Assert.All(tuned.Predict(numbers).Span.ToArray(), value => Assert.InRange(value, 0, 1));
    }

    private static IEnumerable<float> Shares(float[] row, bool log)
    {
        double sum = row.Sum(value => Math.Exp(value - row.Max()));
        return row.Select(value => (float)(log ? value - row.Max() - Math.Log(sum) : Math.Exp(value - row.Max()) / sum));
    }

    private static TensorDataSet Relabelled(TensorDataSet data, Func<int, int> label, int classes)
    {
        Tensor samples = new(data.SampleShape.Prepend(data.Count));
        data.Read([.. Enumerable.Range(0, data.Count)], samples.Span);
        int[] labels = [.. data.Labels.ToArray().Select(label)];
        return new TensorDataSet(samples, labels, classes);
    }
}
