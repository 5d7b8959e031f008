using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>Matrix products: dense layers of the reference network, and one that fills the caches.</summary>
public class ProductBenchmarks : KernelBenchmark
{
    private Tensor _left = null!, _right = null!, _result = null!;

    [ParamsSource(nameof(Shapes))]
    public Product Shape { get; set; } = null!;

    public static IEnumerable<Product> Shapes => [new(20, 120, 400), new(64, 84, 120), new(256, 256, 256)];

    [GlobalSetup]
    public void Setup()
    {
        _left = Values(Shape.Rows * Shape.Depth);
        _right = Values(Shape.Depth * Shape.Columns);
        _result = new Tensor(new Shape(Shape.Rows * Shape.Columns));
    }

    [Benchmark]
    public void MultiplyAdd() => Form.MultiplyAdd(
        Shape.Rows, Shape.Columns, Shape.Depth, new Matrix(_left.Span, Shape.Depth), new Matrix(_right.Span, Shape.Columns), _result.Span, Shape.Columns);
}

/// <summary>The extents of a product.</summary>
public sealed record Product(int Rows, int Columns, int Depth) : Work(
    $"{Rows}x{Columns}x{Depth}", 2.0 * Rows * Columns * Depth, 4.0 * (Rows * Depth + Depth * Columns + 2 * Rows * Columns));
