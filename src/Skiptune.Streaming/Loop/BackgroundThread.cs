using System.Runtime.InteropServices;

namespace Skiptune.Streaming.Loop;

/// <summary>Work on a thread of its own that gives way to every other.</summary>
internal sealed class BackgroundThread<T> : IDisposable
    where T : class
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ManualResetEventSlim _done = new();
    private readonly Thread _thread;
    private T? _result;
    private Exception? _failure;

    /// <summary>Starts the work.</summary>
    /// <param name="work">The work; ends early when its token is cancelled.</param>
    /// <param name="ended">Called on the thread when the work has ended.</param>
    public BackgroundThread(Func<CancellationToken, T> work, Action ended)
    {
        _thread = new Thread(() =>
        {
            BackgroundThread.GiveWay();
            try
            {
                _result = work(_cancellation.Token);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
            _done.Set();
            ended();
        })
        {
            IsBackground = true,
            Name = "skiptune background",
            Priority = ThreadPriority.BelowNormal,
        };
        _thread.Start();
    }

    public bool IsDone => _done.IsSet;

    /// <summary>The result, or the failure; once it is done.</summary>
    public (T? Result, Exception? Failure) Outcome => (_result, _failure);

    public void Wait(CancellationToken cancellationToken) => _done.Wait(cancellationToken);

    /// <summary>Cancels the work and waits for its end.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _thread.Join();
        _cancellation.Dispose();
        _done.Dispose();
    }
}

/// <summary>What threads of all results share.</summary>
internal static class BackgroundThread
{
    private const int ThisThread = 0;
    private const int Nice = 10;

    /// <summary>On Linux the runtime leaves priorities alone; there the niceness of a thread is its own.</summary>
    public static void GiveWay()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(ThisThread, ThisThread, Nice);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
