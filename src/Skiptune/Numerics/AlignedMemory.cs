using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

/// <summary>Managed memory that starts on a cache line and never moves, so that vector loads stay aligned.</summary>
internal static class AlignedMemory
{
    /// <summary>Bytes in a cache line and in the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates zeroed elements, the first of them on a 64-byte boundary.</summary>
    public static unsafe Memory<T> Allocate<T>(int count)
        where T : unmanaged
    {
        int padding = Alignment / sizeof(T);
        T[] pinned = GC.AllocateArray<T>(checked(count + padding), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        nuint skip = (Alignment - address % Alignment) % Alignment / (nuint)sizeof(T);
        return pinned.AsMemory((int)skip, count);
    }
}
