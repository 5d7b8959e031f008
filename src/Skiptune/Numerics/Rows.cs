using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

/// <summary>Copies of the short rows of images, for which a call to the general copy costs more than the copy.</summary>
internal static class Rows
{
    /// <summary>Copies the values; the memories must not overlap.</summary>
    public static void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        int count = from.Length;
        ref float source = ref MemoryMarshal.GetReference(from);
        ref float target = ref MemoryMarshal.GetReference(to[..count]);
        if (count < Vector128<float>.Count)
        {
            for (int i = 0; i < count; i++)
                to[i] = from[i];
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
}
