namespace Skiptune.Cli;

/// <summary>Calls back at once, on the reporting thread; <see cref="Progress{T}"/> would reorder.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
