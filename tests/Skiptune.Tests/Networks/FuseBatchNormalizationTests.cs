using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.Networks;

public class FuseBatchNormalizationTests
{
    [Fact]
    public void The_network_answers_the_same_with_one_node_less()
    {
        Graph graph = Graphs.Network();
        Graph fused = FuseBatchNormalization.Apply(graph);
        Assert.Equal(graph.Nodes.Length - 1, fused.Nodes.Length);
        Assert.DoesNotContain(fused.Nodes, node => node.Op is BatchNormalization);
        foreach ((Tensor expected, Tensor actual) in Programs.Run(graph, 3).Zip(Programs.Run(fused, 3)))
            AssertClose(expected, actual);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dense_layers_take_it_in_too(bool transposed)
    {
        Graph graph = Dense(new Gemm(transposed), transposed ? Graphs.Ramp(4, 3) : Graphs.Ramp(3, 4));
        Graph fused = FuseBatchNormalization.Apply(graph);
        Assert.Single(fused.Nodes);
        AssertClose(Programs.Run(graph, 2)[0], Programs.Run(fused, 2)[0]);
    }

    [Fact]
    public void What_is_trained_or_read_twice_stays()
    {
        Graph graph = Dense(new Gemm(), Graphs.Ramp(4, 3));
        Assert.Same(graph.Nodes[0], FuseBatchNormalization.Apply(graph.With(outputs: ["y", "h"])).Nodes[0]);
        Graph training = graph.With(nodes: graph.Nodes.Select(node => node.Op is BatchNormalization op ? node with { Op = op with { Training = true } } : node));
        Assert.Equal(2, FuseBatchNormalization.Apply(training).Nodes.Length);
    }

    private static Graph Dense(Gemm gemm, Tensor weight)
    {
        Graph graph = Graphs.Of(gemm, new Shape(3), weight, Graphs.Ramp(4), Graphs.Ramp(4), Graphs.Ramp(4), Graphs.Ramp(4));
        return graph.With(nodes:
        [
            new Node("fc", gemm, ["x", "c0"], ["h"]), new Node("bn", new BatchNormalization(), ["h", "c1", "c2", "c3", "c4"], ["y"]),
        ]);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        float largest = expected.Span.ToArray().Max(MathF.Abs);
        for (int i = 0; i < expected.Span.Length; i++)
            Assert.Equal(expected.Span[i], actual.Span[i], 1e-5f * largest);
    }
}
