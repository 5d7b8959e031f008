using System.Diagnostics;

namespace Skiptune.Streaming.Sources;

/// <summary>Lets so many samples through a second, evenly; what is late is made up for.</summary>
internal sealed class Pace(double? rate)
{
    private long _start;
    private long _passed;

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (rate is not { } perSecond)
            return;
        if (_passed == 0)
            _start = Stopwatch.GetTimestamp();
        TimeSpan due = TimeSpan.FromSeconds(_passed++ / perSecond) - Stopwatch.GetElapsedTime(_start);
        if (due > TimeSpan.Zero)
            await Task.Delay(due, cancellationToken).ConfigureAwait(false);
    }
}
