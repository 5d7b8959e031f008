using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;

namespace Skiptune.Tests.Networks;

public class RecognizeLayerNormalizationTests
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_parts_become_one_node_that_answers_the_same(bool squareByMul, bool bias)
    {
        Graph graph = Parts(squareByMul, bias);
        Graph whole = RecognizeLayerNormalization.Apply(graph);
        Node node = Assert.Single(whole.Nodes);
        Assert.Equal(new LayerNormalization(2, 1e-3f), node.Op);
        Assert.Equal(bias ? ["x", "scale", "bias"] : ["x", "scale"], node.Inputs);
        Assert.Equal(Programs.Run(graph, 2)[0].Span.ToArray(), Programs.Run(whole, 2)[0].Span.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void A_file_with_the_parts_is_read_as_one_node() =>
        Assert.IsType<LayerNormalization>(Assert.Single(OnnxReader.Read(OnnxWriter.Write(Parts(squareByMul: false, bias: true)), "parts.onnx").Nodes).Op);

    [Fact]
    public void What_something_else_reads_stays()
    {
        Graph graph = Parts(squareByMul: false, bias: true);
        foreach (string between in graph.Nodes.SkipLast(1).Select(node => node.Output).Except(["scaled"]))
        {
            Graph watched = graph.With(outputs: ["y", between]);
            Assert.Same(watched, RecognizeLayerNormalization.Apply(watched));
        }
    }

    [Theory]
    [InlineData("mean")]
    [InlineData("variance")]
    [InlineData("square")]
    [InlineData("multiply")]
    public void What_is_something_else_stays(string changed)
    {
        Graph graph = Parts(squareByMul: false, bias: true);
        Graph other = changed switch
        {
            "mean" or "variance" => graph.With(graph.Nodes.Select(node => node.Name == changed ? node with { Op = new Reduce(Reduction.Mean, [1]) } : node)),
            "square" => graph.With(constants: graph.Constants.SetItem("two", new Tensor(new Shape([]), [3]))),
            _ => graph.With(constants: graph.Constants.SetItem("scale", Programs.Counting(4, 1))),
        };
        Assert.Same(other, RecognizeLayerNormalization.Apply(other));
    }

    // Rows of 4 values in sequences of 4.
    private static Graph Parts(bool squareByMul, bool bias)
    {
        Node[] nodes =
        [
            new("mean", new Reduce(Reduction.Mean, [-1]), ["x"], ["mean"]),
            new("subtract", new Sub(), ["x", "mean"], ["d"]),
            squareByMul ? new("square", new Mul(), ["d", "d"], ["d2"]) : new("square", new Pow(), ["d", "two"], ["d2"]),
            new("variance", new Reduce(Reduction.Mean, [2]), ["d2"], ["variance"]),
            new("add", new Add(), ["variance", "epsilon"], ["sum"]),
            new("root", new Sqrt(), ["sum"], ["deviation"]),
            new("divide", new Div(), ["d", "deviation"], ["h"]),
            new("multiply", new Mul(), ["h", "scale"], [bias ? "scaled" : "y"]),
        ];
        ImmutableDictionary<string, Tensor> constants = ImmutableDictionary<string, Tensor>.Empty
            .Add("two", new Tensor(new Shape([]), [2]))
            .Add("epsilon", new Tensor(new Shape([]), [1e-3f]))
            .Add("scale", Programs.Counting(4))
            .Add("bias", Programs.Counting(4));
        return new Graph(
            "parts",
            [new GraphInput("x", new Shape(4, 4))],
            bias ? [.. nodes, new Node("shift", new Add(1), ["scaled", "bias"], ["y"])] : nodes,
            constants,
            ["y"]);
    }
}
