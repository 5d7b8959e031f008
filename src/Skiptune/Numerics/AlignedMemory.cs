using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

/// <summary>Managed memory that starts on a cache line and never moves, so that vector loads stay aligned.</summary>
internal static class AlignedMemory
{
    /// <summary>Bytes in a cache line and in the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates zeroed elements, the first of them on a 64-byte boundary.</summary>
    public static Memory<T> Allocate<T>(int count)
        where T : unmanaged => Align(GC.AllocateArray<T>(checked(count + Padding<T>()), pinned: true), count);

    /// <summary>The same with anything in the elements, for what is written before it is read.</summary>
    public static Memory<T> AllocateUninitialized<T>(int count)
        where T : unmanaged => Align(GC.AllocateUninitializedArray<T>(checked(count + Padding<T>()), pinned: true), count);

    private static unsafe int Padding<T>()
        where T : unmanaged => Alignment / sizeof(T);

    private static unsafe Memory<T> Align<T>(T[] pinned, int count)
        where T : unmanaged
    {
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        nuint skip = (Alignment - address % Alignment) % Alignment / (nuint)sizeof(T);
        return pinned.AsMemory((int)skip, count);
    }
}
