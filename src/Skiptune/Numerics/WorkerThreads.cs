using System.Runtime.ExceptionServices;

namespace Skiptune.Numerics;

/// <summary>
/// The threads of a team of workers. Waiting, they spin for a moment and then sleep. Those of the last team are kept for
/// the next: a thread costs more to start than a short piece of work, and a new one often begins on its maker's own
/// processor and stays there for milliseconds.
/// </summary>
internal sealed class WorkerThreads
{
    private const int SpinsBeforeSleep = 2000;

    private static WorkerThreads? s_spare;

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

    private WorkerThreads(int count)
    {
        _threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"skiptune worker {i + 1}" };
            _threads[i].Start();
        }
    }

    // The caller takes one too.
    private int Shares => _threads.Length + 1;

    /// <summary>That many threads: the spare ones, or new ones.</summary>
    public static WorkerThreads Take(int count)
    {
        if (Interlocked.Exchange(ref s_spare, null) is { } spare)
        {
            if (spare._threads.Length == count)
                return spare;
            spare.End();
        }
        return new WorkerThreads(count);
    }

    /// <summary>Keeps threads that came from here and that nobody uses any more; those kept so far end.</summary>
    public static void Give(WorkerThreads threads)
    {
        // What the work holds on to is not kept.
        threads._work = null;
        Interlocked.Exchange(ref s_spare, threads)?.End();
    }

    /// <summary>Runs a share for each thread and one more; the caller helps, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        // A failure may be left of a run in which the caller failed too.
        _failure = null;
        Volatile.Write(ref _unfinished, Shares);
        uint run = RunOf(Volatile.Read(ref _next)) + 1;
        // The first share is the caller's: what all look at is left to the others meanwhile.
        Interlocked.Exchange(ref _next, ((long)run << 32) + 1);
        if (Volatile.Read(ref _sleeping) > 0)
            WakeAll();
        RunShare(work, 0);
        TakeShares(run);
        SpinWait spinner = default;
        while (Volatile.Read(ref _unfinished) != 0)
            spinner.SpinOnce(sleep1Threshold: -1);
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private void End()
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
            if (RunOf(next) != run || share == Shares)
                return;
            if (Interlocked.CompareExchange(ref _next, next + 1, next) != next)
                continue;
            RunShare(work, share);
        }
    }

    private void RunShare(Action<int> work, int share)
    {
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
