namespace Skiptune.Data;

/// <summary>How many bytes of samples may still be held in memory; what does not fit is read from a disk.</summary>
internal sealed class MemoryBudget(long bytes)
{
    /// <summary>Where none is given: a quarter of what the process may use, a container's limit included.</summary>
    public static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>All that fits into one array.</summary>
    public static MemoryBudget Unlimited() => new(long.MaxValue);

    /// <summary>The bytes left.</summary>
    public long Left { get; private set; } = bytes;

    /// <summary>Takes bytes if there are as many, and if one array can hold them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="already">What the array has before.</param>
    public bool TryTake(long count, long already = 0)
    {
        if (count > Left || count + already > Array.MaxLength)
            return false;
        Left -= count;
        return true;
    }

    /// <summary>Gives back bytes that were taken.</summary>
    public void Return(long count) => Left += count;
}
