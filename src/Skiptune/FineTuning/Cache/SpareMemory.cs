using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// The memory of the last cache, for the next of about its size: memory fresh from the system costs more than what is
/// written there. No more than 16 MiB are kept.
/// </summary>
internal static class SpareMemory
{
    private const int MostKept = 16 << 20;

    private static Spare? s_spare;

    /// <summary>Memory of that many bytes with anything in it, which starts on a cache line and never moves.</summary>
    public static Memory<byte> Take(int bytes)
    {
        if (Interlocked.Exchange(ref s_spare, null) is { } spare && spare.Memory.Length >= bytes && spare.Memory.Length / 2 <= bytes)
            return spare.Memory[..bytes];
        return AlignedMemory.AllocateUninitialized<byte>(bytes);
    }

    /// <summary>Keeps memory that came from here and that nobody reads or writes any more.</summary>
    public static void Give(Memory<byte> memory)
    {
        if (memory.Length <= MostKept)
            Volatile.Write(ref s_spare, new Spare(memory));
    }

    private sealed record Spare(Memory<byte> Memory);
}
