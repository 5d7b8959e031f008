using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

/// <summary>Copies of the short rows of images, for which a call to the general copy costs more than the copy.</summary>
internal static class Rows
{
    /// <summary>Copies rows of that width, each from one pitch to the other; the memories must not overlap.</summary>
    [MethodImpl(KernelCode.Optimized)]
    public static void Copy(int rows, int width, ReadOnlySpan<float> from, int fromPitch, Span<float> to, int toPitch)
    {
        if (rows == 0 || width == 0)
            return;
        ref float source = ref MemoryMarshal.GetReference(from[..((rows - 1) * fromPitch + width)]);
        ref float target = ref MemoryMarshal.GetReference(to[..((rows - 1) * toPitch + width)]);
        for (int row = 0; row < rows; row++)
        {
            CopyRow(width, ref source, ref target);
            source = ref Unsafe.Add(ref source, fromPitch);
            target = ref Unsafe.Add(ref target, toPitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(int count, ref float source, ref float target)
    {
        if (count < Vector128<float>.Count)
        {
            for (int i = 0; i < count; i++)
                Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
            return;
        }
        nuint at = 0;
        nuint last = (nuint)(count - Vector128<float>.Count);
        if (count >= Vector256<float>.Count)
        {
            nuint last256 = (nuint)(count - Vector256<float>.Count);
            for (; at < last256; at += (nuint)Vector256<float>.Count)
                Vector256.LoadUnsafe(ref source, at).StoreUnsafe(ref target, at);
            Vector256.LoadUnsafe(ref source, last256).StoreUnsafe(ref target, last256);
            return;
        }
        for (; at < last; at += (nuint)Vector128<float>.Count)
            Vector128.LoadUnsafe(ref source, at).StoreUnsafe(ref target, at);
        Vector128.LoadUnsafe(ref source, last).StoreUnsafe(ref target, last);
    }

    /// <summary>Copies every so many values of a row side by side, as many as fit.</summary>
    public static void CopyEvery(int step, ReadOnlySpan<float> from, Span<float> to)
    {
        int i = 0;
        if (step == 2)
        {
            ref float source = ref MemoryMarshal.GetReference(from);
            ref float target = ref MemoryMarshal.GetReference(to);
            int whole = Math.Min(to.Length, from.Length / 2) - Vector128<float>.Count;
            for (; i <= whole; i += Vector128<float>.Count)
            {
                Vector256<float> pairs = Vector256.LoadUnsafe(ref source, (nuint)(2 * i));
                Vector256.Shuffle(pairs, Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7)).GetLower().StoreUnsafe(ref target, (nuint)i);
            }
        }
        for (; i < to.Length; i++)
            to[i] = from[i * step];
    }
}
