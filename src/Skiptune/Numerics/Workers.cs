using System.Runtime.ExceptionServices;

namespace Skiptune.Numerics;

/// <summary>
/// A fixed team of threads that runs one piece of work at a time, cut into as many shares as there are threads, so
/// that a result never depends on who did which. Whoever is free takes the next share: on a busy machine, where a
/// thread may not get a processor for a while, the caller does all shares itself rather than wait. Small work is not
/// shared at all. Waiting members spin for a moment and then sleep. Starting a piece of work allocates nothing.
/// </summary>
/// <remarks>Used by one caller at a time, unless it is of one thread.</remarks>
public sealed class Workers : IDisposable
{
    /// <summary>Work below this many multiply-adds (about a microsecond or two) is not worth waking anybody for.</summary>
    internal const long SmallestShared = 1 << 16;

    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] _threads;
    private readonly object _bed = new();
    private Action<int>? _work;
    private Exception? _failure;
    private volatile bool _stopping;
    private int _sleeping;
    private int _unfinished;

    // The number of the run in the upper half, the next share nobody has taken in the lower: one word, so that a share
    // is only ever taken of the run whose work was read.
    private long _next;

    /// <summary>A team of nobody but the caller, for any number of callers.</summary>
    internal static readonly Workers One = new(1);

    /// <summary>Starts the team.</summary>
    /// <param name="count">Threads, the caller included; at least 1. 0 means one for each processor.</param>
    public Workers(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count == 0 ? Environment.ProcessorCount : count;
        _threads = new Thread[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"skiptune worker {i + 1}" };
            _threads[i].Start();
        }
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
    public void Run(Action<int> work, long cost = long.MaxValue)
    {
        if (_threads.Length == 0 || cost < SmallestShared)
        {
            for (int share = 0; share < Count; share++)
                work(share);
            return;
        }
        _work = work;
        // A failure may be left of a run in which the caller failed too.
        _failure = null;
        Volatile.Write(ref _unfinished, Count);
        uint run = RunOf(Volatile.Read(ref _next)) + 1;
        Interlocked.Exchange(ref _next, (long)run << 32);
        if (Volatile.Read(ref _sleeping) > 0)
            WakeAll();
        TakeShares(run);
        SpinWait spinner = default;
        while (Volatile.Read(ref _unfinished) != 0)
            spinner.SpinOnce(sleep1Threshold: -1);
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        WakeAll();
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void WakeAll()
    {
        lock (_bed)
            Monitor.PulseAll(_bed);
    }

    private void Serve()
    {
        uint seen = 0;
        while (true)
        {
            seen = WaitForNext(seen);
            if (_stopping)
                return;
            TakeShares(seen);
        }
    }

    // A run ends only when all its shares are done, and only then may the work be exchanged: whoever takes a share of
    // the run has read the run's own work.
    private void TakeShares(uint run)
    {
        while (true)
        {
            long next = Volatile.Read(ref _next);
            Action<int> work = _work!;
            int share = (int)next;
            if (RunOf(next) != run || share == Count)
                return;
            if (Interlocked.CompareExchange(ref _next, next + 1, next) != next)
                continue;
            try
            {
                work(share);
            }
            catch (Exception exception)
            {
                Volatile.Write(ref _failure, exception);
            }
            Interlocked.Decrement(ref _unfinished);
        }
    }

    private uint WaitForNext(uint seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (Run() != seen || _stopping)
                return Run();
            Thread.SpinWait(8);
        }
        // A member counts as sleeping before it looks for the last time, and sleeps only under the lock: a new run
        // either is seen here or finds the member counted and wakes it. Wake-ups are not counted out, so no member
        // can take another's.
        Interlocked.Increment(ref _sleeping);
        lock (_bed)
        {
            while (Run() == seen && !_stopping)
                Monitor.Wait(_bed);
        }
        Interlocked.Decrement(ref _sleeping);
        return Run();

        uint Run() => RunOf(Volatile.Read(ref _next));
    }

    private static uint RunOf(long next) => (uint)(next >>> 32);
}
