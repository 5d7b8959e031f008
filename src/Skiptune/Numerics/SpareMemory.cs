namespace Skiptune.Numerics;

/// <summary>
/// The memory of caches and programs that have ended, for the next of about its size: memory fresh from the system costs
/// more than what is written there. No more than 16 MiB are kept, in few pieces.
/// </summary>
internal static class SpareMemory
{
    private const int MostFloats = 1 << 22;
    private const int MostPieces = 8;

    private static readonly Lock s_gate = new();
    private static readonly List<Memory<float>> s_pieces = [];

    /// <summary>Memory for that many values with anything in it, which starts on a cache line and never moves.</summary>
    public static Memory<float> Take(int count)
    {
        lock (s_gate)
        {
            int found = s_pieces.FindIndex(piece => piece.Length >= count && piece.Length / 2 <= count);
            if (found >= 0)
            {
                Memory<float> piece = s_pieces[found];
                s_pieces.RemoveAt(found);
                return piece[..count];
            }
        }
        return AlignedMemory.AllocateUninitialized<float>(count);
    }

    /// <summary>Keeps memory that came from here and that nobody reads or writes any more.</summary>
    public static void Give(Memory<float> memory)
    {
        if (memory.Length is 0 or > MostFloats)
            return;
        lock (s_gate)
        {
            s_pieces.Add(memory);
            while (s_pieces.Count > MostPieces || s_pieces.Sum(piece => piece.Length) > MostFloats)
                s_pieces.RemoveAt(0);
        }
    }
}
