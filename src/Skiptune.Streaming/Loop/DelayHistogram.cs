using System.Collections.Immutable;

namespace Skiptune.Streaming.Loop;

/// <summary>Counts delays by size. One thread adds, any may read.</summary>
public sealed class DelayHistogram
{
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _ticks;
    private long _most;

    /// <summary>The upper bounds of the classes in seconds; a last class has none.</summary>
    public static ImmutableArray<double> Bounds { get; } = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1];

    /// <summary>How many delays are in each class, not in those before it.</summary>
    public ImmutableArray<long> Counts => [.. Enumerable.Range(0, _counts.Length).Select(i => Volatile.Read(ref _counts[i]))];

    /// <summary>The sum of all.</summary>
    public TimeSpan Total => TimeSpan.FromTicks(Volatile.Read(ref _ticks));

    /// <summary>The longest.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref _most));

    internal void Add(TimeSpan delay)
    {
        int place = 0;
        while (place < Bounds.Length && delay.TotalSeconds > Bounds[place])
            place++;
        Volatile.Write(ref _counts[place], _counts[place] + 1);
        Volatile.Write(ref _ticks, _ticks + delay.Ticks);
        Volatile.Write(ref _most, Math.Max(_most, delay.Ticks));
    }
}
