using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>What runs over one vector: softmax of logits, and an optimizer's step over all parameters.</summary>
public class VectorBenchmarks : KernelBenchmark
{
    private readonly AdamStep _step = new(0.9f, 0.999f, 1e-8f, 1e-6f, 1, 1, 0);
    private Tensor _values = null!, _gradient = null!, _mean = null!, _variance = null!;

    [ParamsSource(nameof(Lengths))]
    public Length Length { get; set; } = null!;

    public static IEnumerable<Length> Lengths => [new(10), new(1000), new(10_456)];

    [GlobalSetup]
    public void Setup()
    {
        _values = Values(Length.Count);
        _gradient = Values(Length.Count);
        _mean = new Tensor(new Shape(Length.Count));
        _variance = new Tensor(new Shape(Length.Count));
    }

    [Benchmark]
    public void Softmax() => Form.Softmax(_gradient.Span, _mean.Span);

    [Benchmark]
    public void UpdateSgd() => Form.UpdateSgd(_values.Span, _gradient.Span, 1e-6f, 0);

    [Benchmark]
    public void UpdateAdam() => Form.UpdateAdam(_values.Span, _gradient.Span, _mean.Span, _variance.Span, _step);
}

/// <summary>A vector; bytes are those of a value read and written.</summary>
public sealed record Length(int Count) : Work($"{Count} values", 0, 8.0 * Count);
