using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>
/// The arithmetic everything else is made of, in one form: plain scalar loops (the reference), or vectors of
/// one width. Every form computes the same bits: sums run in an order that the definition of a kernel fixes,
/// each product is fused into its sum, and a reduction always runs over <see cref="Lanes"/> partial sums,
/// however wide the vectors are.
/// </summary>
public abstract partial class KernelSet
{
    /// <summary>The environment variable that forces a form.</summary>
    public const string Variable = "SKIPTUNE_KERNELS";

    /// <summary>The partial sums of a reduction: element i goes to sum i mod 16.</summary>
    internal const int Lanes = 16;

    private static readonly Lazy<KernelSet> Chosen = new(() => Choose(Environment.GetEnvironmentVariable(Variable)));

    private protected KernelSet()
    {
    }

    /// <summary>The form in use: the widest this machine has, unless SKIPTUNE_KERNELS names another.</summary>
    /// <exception cref="SkiptuneException">SKIPTUNE_KERNELS names a form that does not exist or that this machine lacks.</exception>
    public static KernelSet Current => Chosen.Value;

    /// <summary>The forms this machine can run, from the scalar reference to the widest.</summary>
    public static ImmutableArray<KernelSet> Available { get; } =
    [
        new ScalarKernels(),
        .. Vector128.IsHardwareAccelerated ? [new VectorKernels<Simd128>("v128")] : Array.Empty<KernelSet>(),
        .. Vector256.IsHardwareAccelerated ? [new VectorKernels<Simd256>("v256")] : Array.Empty<KernelSet>(),
        .. Vector512.IsHardwareAccelerated ? [new VectorKernels<Simd512>("v512")] : Array.Empty<KernelSet>(),
    ];

    /// <summary>scalar, v128, v256 or v512.</summary>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static KernelSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return Available[^1];
        return Available.FirstOrDefault(form => form.Name == name) ?? throw new SkiptuneException(
            $"{Variable}={name} is not a kernel form of this machine; choose one of {string.Join(", ", Available)}, or unset it");
    }
}
