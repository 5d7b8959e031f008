namespace Skiptune.Numerics;

/// <summary>
/// A fixed team of threads that runs one piece of work at a time, cut into as many shares as there are threads, so
/// that a result never depends on who did which. Whoever is free takes the next share: on a busy machine, where a
/// thread may not get a processor for a while, the caller does all shares itself rather than wait. Small work is not
/// shared at all. Starting a piece of work allocates nothing.
/// </summary>
/// <remarks>Used by one caller at a time, unless it is of one thread.</remarks>
public sealed class Workers : IDisposable
{
    /// <summary>Work below this many multiply-adds (about a microsecond or two) is not worth waking anybody for.</summary>
    internal const long SmallestShared = 1 << 16;

    /// <summary>A team of nobody but the caller, for any number of callers.</summary>
    internal static readonly Workers One = new(1);

    private WorkerThreads? _threads;

    /// <summary>Gets the threads ready.</summary>
    /// <param name="count">Threads, the caller included; at least 1. 0 means one for each processor.</param>
    public Workers(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count == 0 ? Environment.ProcessorCount : count;
        _threads = Count == 1 ? null : WorkerThreads.Take(Count - 1);
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Count { get; }

    /// <summary>The items of one share: a range, possibly empty.</summary>
    /// <param name="total">How many items there are.</param>
    /// <param name="share">0 .. <see cref="Count"/> - 1.</param>
    /// <param name="grain">Shares start at multiples of this.</param>
    public (int Start, int End) Share(int total, int share, int grain = 1)
    {
        int grains = (total + grain - 1) / grain;
        int start = (int)((long)grains * share / Count) * grain;
        int end = (int)((long)grains * (share + 1) / Count) * grain;
        return (Math.Min(start, total), Math.Min(end, total));
    }

    /// <summary>Runs all shares of the work and returns when they are done.</summary>
    /// <param name="work">Called once with each share's number; keep the delegate to avoid allocating it each time.</param>
    /// <param name="cost">About how many multiply-adds all shares take together; small work stays on the caller.</param>
    /// <exception cref="ObjectDisposedException">The team has ended.</exception>
    public void Run(Action<int> work, long cost = long.MaxValue)
    {
        if (Count == 1 || cost < SmallestShared)
        {
            for (int share = 0; share < Count; share++)
                work(share);
            return;
        }
        ObjectDisposedException.ThrowIf(_threads is null, this);
        _threads.Run(work);
    }

    /// <summary>Ends the team.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _threads, null) is { } threads)
            WorkerThreads.Give(threads);
    }
}
