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

    [Theory]
    [InlineData(3, 224, 768, 32, 32, 1, 0)] // patches
    [InlineData(64, 56, 128, 1, 2, 1, 0)] // a shortcut of a residual block
    [InlineData(3, 512, 8, 3, 1, 64, 64)]
    [InlineData(1024, 7, 256, 3, 1, 36, 36)]
    public void A_sensible_window_has_its_working_memory(int channels, int extent, int outputs, int size, int stride, int dilation, int pad)
    {
        Window window = Window.Square(size, stride, pad) with { DilationX = dilation, DilationY = dilation };
        ConvolutionGeometry geometry = new(channels, extent, extent, outputs, 1, window);
        geometry.CheckPlanes("Conv");
        geometry.CheckTransposedPlanes("Conv");
    }

    [Fact]
    public void A_way_back_that_needs_too_much_memory_is_refused()
    {
        ConvolutionGeometry geometry = new(1, 20_000, 20_000, 1, 1, Window.Square(1, stride: 19_999));
        geometry.CheckPlanes("Conv");
        Assert.Contains("working memory", Assert.Throws<SkiptuneException>(() => geometry.CheckTransposedPlanes("Conv")).Message);
    }
}
