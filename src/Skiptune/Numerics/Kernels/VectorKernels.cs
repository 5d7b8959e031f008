using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>Every kernel once more, in vectors: one body for all widths.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe partial class VectorKernels<V>(string name) : KernelSet
    where V : struct, ISimd<V>
{
    public override string Name => name;

    private static ref float Start(ReadOnlySpan<float> values) => ref MemoryMarshal.GetReference(values);

    /// <summary>The first <paramref name="count"/> values (at most a vector of them), zeros behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LoadPartial(ref float source, nuint offset, int count)
    {
        V vector = V.Broadcast(0);
        CopyLanes(ref Unsafe.Add(ref source, offset), ref Unsafe.As<V, float>(ref vector), Math.Min(count, V.Width));
        return vector;
    }

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePartial(V value, ref float destination, nuint offset, int count) =>
        CopyLanes(ref Unsafe.As<V, float>(ref value), ref Unsafe.Add(ref destination, offset), Math.Min(count, V.Width));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyLanes(ref float source, ref float destination, int count)
    {
        for (int i = 0; i < count; i++)
            Unsafe.Add(ref destination, i) = Unsafe.Add(ref source, i);
    }
}
