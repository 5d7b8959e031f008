using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>Largest and mean of 2x2 windows over one plane.</summary>
public class PoolingBenchmarks : KernelBenchmark
{
    private readonly Window _window = Window.Square(2, stride: 2);
    private Tensor _input = null!, _output = null!;

    [ParamsSource(nameof(Planes))]
    public Plane Plane { get; set; } = null!;

    public static IEnumerable<Plane> Planes => [new(10), new(28), new(112)];

    [GlobalSetup]
    public void Setup()
    {
        _input = Values(Plane.Size * Plane.Size);
        _output = new Tensor(new Shape(Plane.Size / 2 * (Plane.Size / 2)));
    }

    [Benchmark]
    public void MaxPool() => Form.MaxPool(_window, Plane.Size, Plane.Size, _input.Span, _output.Span);

    [Benchmark]
    public void AveragePool() => Form.AveragePool(_window, countPadding: false, Plane.Size, Plane.Size, _input.Span, _output.Span);
}

/// <summary>A square plane.</summary>
public sealed record Plane(int Size) : Work($"{Size}x{Size}", 0, 4.0 * (Size * Size + Size / 2 * (Size / 2)));
