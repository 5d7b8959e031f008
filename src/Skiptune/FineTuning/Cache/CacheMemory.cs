namespace Skiptune.FineTuning;

/// <summary>How much memory a forward cache may take.</summary>
internal static class CacheMemory
{
    /// <summary>The limit where none is given: half of what the process may use, a container's limit included.</summary>
    public static long DefaultLimit => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>Throws if a cache in memory would exceed the limit.</summary>
    /// <exception cref="SkiptuneException">It would.</exception>
    public static void Check(long bytes, int samples, FineTuneOptions options)
    {
        long limit = options.CacheLimit ?? DefaultLimit;
        if (bytes <= limit)
            return;
        throw new SkiptuneException(
            $"the forward cache of {samples} samples in {options.EffectiveCache} needs {ByteSize.Text(bytes)}, more than the {ByteSize.Text(limit)} of memory it may take; "
            + "put it in a file (--cache-path), use a smaller format (--cache int2 is the smallest) or raise --cache-limit");
    }
}
