using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>Every kernel once more, in vectors: one body for all widths.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="S">Its operations.</typeparam>
internal sealed unsafe partial class VectorKernels<V, S>(string name) : KernelSet
    where V : struct
    where S : ISimd<V>
{
    public override string Name => name;

    private static ref float Start(ReadOnlySpan<float> values) => ref MemoryMarshal.GetReference(values);

    /// <summary>The first <paramref name="count"/> values (at most a vector of them), zeros behind.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V LoadPartial(ref float source, nuint offset, int count)
    {
        Span<float> lanes = stackalloc float[Lanes];
        lanes.Clear();
        for (int i = 0; i < Math.Min(count, S.Width); i++)
            lanes[i] = Unsafe.Add(ref source, offset + (nuint)i);
        return S.Load(ref lanes[0], 0);
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePartial(V value, ref float destination, nuint offset, int count)
    {
        Span<float> lanes = stackalloc float[Lanes];
        S.Store(value, ref lanes[0], 0);
        for (int i = 0; i < Math.Min(count, S.Width); i++)
            Unsafe.Add(ref destination, offset + (nuint)i) = lanes[i];
    }
}
