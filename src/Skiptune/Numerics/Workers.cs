using System.Runtime.ExceptionServices;

namespace Skiptune.Numerics;

/// <summary>
/// A fixed team of threads that runs one piece of work at a time, split by position, so that a result never
/// depends on how many threads there are. The caller is one of the team; waiting members spin for a moment and
/// then sleep. Starting a piece of work allocates nothing.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
public sealed class Workers : IDisposable
{
    private const int SpinsBeforeSleep = 2000;

    private readonly Thread[] _threads;
    private readonly object _bed = new();
    private Action<int>? _work;
    private Exception? _failure;
    private volatile int _generation;
    private volatile bool _stopping;
    private int _sleeping;
    private int _running;

    /// <summary>Starts the team.</summary>
    /// <param name="count">Threads, the caller included; at least 1. 0 means one for each processor.</param>
    public Workers(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count == 0 ? Environment.ProcessorCount : count;
        _threads = new Thread[Count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int member = i + 1;
            _threads[i] = new Thread(() => Serve(member)) { IsBackground = true, Name = $"skiptune worker {member}" };
            _threads[i].Start();
        }
    }

    /// <summary>The number of threads, the caller included.</summary>
    public int Count { get; }

    /// <summary>The share of a member in <paramref name="total"/> items: a range, possibly empty.</summary>
    /// <param name="total">How many items there are.</param>
    /// <param name="member">0 .. <see cref="Count"/> - 1.</param>
    /// <param name="grain">Shares start at multiples of this.</param>
    public (int Start, int End) Share(int total, int member, int grain = 1)
    {
        int grains = (total + grain - 1) / grain;
        int start = (int)((long)grains * member / Count) * grain;
        int end = (int)((long)grains * (member + 1) / Count) * grain;
        return (Math.Min(start, total), Math.Min(end, total));
    }

    /// <summary>Runs the work once for each member and returns when all are done.</summary>
    /// <param name="work">Called with the member's number; keep the delegate to avoid allocating it each time.</param>
    public void Run(Action<int> work)
    {
        if (_threads.Length == 0)
        {
            work(0);
            return;
        }
        _work = work;
        // A failure may be left of a run in which the caller failed too.
        _failure = null;
        _running = _threads.Length;
        Interlocked.Increment(ref _generation);
        if (Volatile.Read(ref _sleeping) > 0)
            WakeAll();
        try
        {
            work(0);
        }
        finally
        {
            SpinWait spinner = default;
            while (Volatile.Read(ref _running) != 0)
                spinner.SpinOnce(sleep1Threshold: -1);
        }
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

    private void Serve(int member)
    {
        int seen = 0;
        while (true)
        {
            seen = WaitForNext(seen);
            if (_stopping)
                return;
            try
            {
                _work!(member);
            }
            catch (Exception exception)
            {
                Volatile.Write(ref _failure, exception);
            }
            Interlocked.Decrement(ref _running);
        }
    }

    private int WaitForNext(int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (_generation != seen || _stopping)
                return _generation;
            Thread.SpinWait(8);
        }
        // A member counts as sleeping before it looks for the last time, and sleeps only under the lock: a new
        // generation either is seen here or finds the member counted and wakes it. Wake-ups are not counted out,
        // so no member can take another's.
        Interlocked.Increment(ref _sleeping);
        lock (_bed)
        {
            while (_generation == seen && !_stopping)
                Monitor.Wait(_bed);
        }
        Interlocked.Decrement(ref _sleeping);
        return _generation;
    }
}
