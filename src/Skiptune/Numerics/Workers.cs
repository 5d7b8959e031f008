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

    // One for each thread: with one for all, a thread that goes back to sleep could take another's wake-up.
    private readonly SemaphoreSlim[] _wake;
    private readonly int[] _sleeping;
    private Action<int>? _work;
    private Exception? _failure;
    private volatile int _generation;
    private volatile bool _stopping;
    private int _running;

    /// <summary>Starts the team.</summary>
    /// <param name="count">Threads, the caller included; at least 1. 0 means one for each processor.</param>
    public Workers(int count = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count == 0 ? Environment.ProcessorCount : count;
        _threads = new Thread[Count - 1];
        _wake = [.. _threads.Select(_ => new SemaphoreSlim(0))];
        _sleeping = new int[_threads.Length];
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
        _running = _threads.Length;
        Interlocked.Increment(ref _generation);
        for (int i = 0; i < _threads.Length; i++)
        {
            if (Interlocked.Exchange(ref _sleeping[i], 0) != 0)
                _wake[i].Release();
        }
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
            throw new InvalidOperationException("a worker thread failed", failure);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _stopping = true;
        for (int i = 0; i < _threads.Length; i++)
        {
            _wake[i].Release();
            _threads[i].Join();
            _wake[i].Dispose();
        }
    }

    private void Serve(int member)
    {
        int seen = 0;
        while (true)
        {
            seen = WaitForNext(member - 1, seen);
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

    private int WaitForNext(int index, int seen)
    {
        for (int spin = 0; spin < SpinsBeforeSleep; spin++)
        {
            if (_generation != seen || _stopping)
                return _generation;
            Thread.SpinWait(8);
        }
        // Either the caller sees the mark and wakes this thread, or this thread sees the caller's new generation.
        Interlocked.Exchange(ref _sleeping[index], 1);
        while (_generation == seen && !_stopping)
        {
            _wake[index].Wait();
            Interlocked.Exchange(ref _sleeping[index], _generation == seen ? 1 : 0);
        }
        Interlocked.Exchange(ref _sleeping[index], 0);
        return _generation;
    }
}
