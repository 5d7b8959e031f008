using BenchmarkDotNet.Attributes;
using Skiptune.Numerics;

namespace Skiptune.Kernels;

/// <summary>A kernel in each form that this machine has.</summary>
public abstract class KernelBenchmark
{
    /// <summary>scalar, v128, v256 or v512.</summary>
    [ParamsSource(nameof(Forms))]
    public KernelSet Form { get; set; } = KernelSet.Current;

    /// <summary>All forms.</summary>
    public static IEnumerable<KernelSet> Forms => KernelSet.Available;

    /// <summary>Seeded values below 1 in size, on aligned memory.</summary>
    protected static Tensor Values(int count)
    {
        Tensor values = new(new Shape(count));
        new SeededRandom(count, stream: 0).FillUniform(values.Span, 1);
        return values;
    }
}
