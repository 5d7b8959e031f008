using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>The two halves of an adapter step on a batch of 20 with rank 4: A x of each sample, and the gradient of A.</summary>
public class AdapterBenchmarks : KernelBenchmark
{
    private Tensor _samples = null!, _down = null!, _hidden = null!, _gradient = null!;

    [ParamsSource(nameof(Taps))]
    public Tap Tap { get; set; } = null!;

    public static IEnumerable<Tap> Taps => [new(84), new(400), new(1176)];

    [GlobalSetup]
    public void Setup()
    {
        _samples = Values(Tap.Batch * Tap.Values);
        _down = Values(Tap.Rank * Tap.Values);
        _hidden = Values(Tap.Batch * Tap.Rank);
        _gradient = new Tensor(new Shape(Tap.Rank * Tap.Values));
    }

    [Benchmark]
    public void Forward() => Form.DotRows(
        Tap.Batch, Tap.Rank, Tap.Values, _samples.Span, Tap.Values, _down.Span, Tap.Values, _hidden.Span, Tap.Rank);

    [Benchmark]
    public void Gradient() => Form.MultiplyAdd(
        Tap.Rank, Tap.Values, Tap.Batch, new Matrix(_hidden.Span, Tap.Rank).Transposed, new Matrix(_samples.Span, Tap.Values), _gradient.Span, Tap.Values);
}

/// <summary>The values of a tap.</summary>
public sealed record Tap(int Values) : Work($"{Values} values", 2.0 * 20 * 4 * Values, 4.0 * (20 + 4) * Values)
{
    internal int Batch { get; } = 20;

    internal int Rank { get; } = 4;
}
