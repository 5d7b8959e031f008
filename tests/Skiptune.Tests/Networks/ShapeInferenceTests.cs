using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.Networks;

public class ShapeInferenceTests
{
    [Fact]
    public void Every_value_has_its_shape()
    {
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(Graphs.Network(), 5);
        Assert.Equal(new Shape(5, 1, 8, 8), shapes["image"]);
        Assert.Equal(new Shape(5, 4, 4, 4), shapes["a6"]);
        Assert.Equal(new Shape(5, 3), shapes["logits"]);
        Assert.Equal(new Shape(5, 4), shapes["features"]);
        Assert.Equal(new Shape(10, 64), shapes["fc1.w"]);
    }

    [Fact]
    public void An_error_names_the_node()
    {
        Graph graph = Graphs.Of(new Gemm(), new Shape(4), Graphs.Ramp(2, 3));
        Assert.StartsWith("node 'node': ", Assert.Throws<SkiptuneException>(() => ShapeInference.Infer(graph, 1)).Message);
    }

    [Fact]
    public void A_batch_that_makes_values_too_large_is_an_error()
    {
        Graph graph = Graphs.Of(new Relu(), new Shape(1 << 20));
        Assert.Throws<SkiptuneException>(() => ShapeInference.Infer(graph, 1 << 20));
    }
}
