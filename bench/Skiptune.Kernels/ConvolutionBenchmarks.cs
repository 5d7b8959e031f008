using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>One sample's convolution: layers of the reference network, of ResNet-20 and of MobileNetV2.</summary>
public class ConvolutionBenchmarks : KernelBenchmark
{
    private ConvolutionGeometry _geometry = null!;
    private Tensor _input = null!, _weight = null!, _bias = null!, _output = null!;

    [ParamsSource(nameof(Layers))]
    public Layer Layer { get; set; } = null!;

    public static IEnumerable<Layer> Layers =>
    [
        new("LeNet 1", 1, 28, 6, 1, 5, 2), new("LeNet 2", 6, 14, 16, 1, 5, 0), new("ResNet 3x3", 16, 32, 16, 1, 3, 1),
        new("ResNet deep", 64, 8, 64, 1, 3, 1), new("pointwise", 48, 28, 16, 1, 1, 0), new("depthwise", 48, 28, 48, 48, 3, 1),
    ];

    [GlobalSetup]
    public void Setup()
    {
        _geometry = Layer.Geometry;
        _input = Values(_geometry.InputCount);
        _weight = Values(_geometry.OutputChannels * _geometry.Depth);
        _bias = Values(_geometry.OutputChannels);
        _output = new Tensor(new Shape(_geometry.OutputCount));
    }

    [Benchmark]
    public void Convolve() => Form.Convolve(_geometry, 1, _input.Span, _weight.Span, _bias.Span, .., Epilogue.None, _output.Span);
}

/// <summary>A layer on square images.</summary>
public sealed record Layer(string Title, int Inputs, int Size, int Outputs, int Groups, int Kernel, int Pad) : Work(
    $"{Title} {Inputs}x{Size}x{Size} to {Outputs}",
    2.0 * Outputs * (Size + 2 * Pad - Kernel + 1) * (Size + 2 * Pad - Kernel + 1) * Inputs / Groups * Kernel * Kernel,
    4.0 * (Inputs * Size * Size + Outputs * (Size + 2 * Pad - Kernel + 1) * (Size + 2 * Pad - Kernel + 1)))
{
    internal ConvolutionGeometry Geometry => new(Inputs, Size, Size, Outputs, Groups, Window.Square(Kernel, pad: Pad));
}
