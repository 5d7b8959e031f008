namespace Skiptune.Streaming;

/// <summary>The last so many values, in the order they came and in the order of their size.</summary>
internal sealed class SortedWindow(int capacity)
{
    private readonly double[] _recent = new double[capacity];
    private readonly double[] _sorted = new double[capacity];
    private int _next;

    /// <summary>The values in it.</summary>
    public int Count { get; private set; }

    /// <summary>The values, smallest first.</summary>
    public ReadOnlySpan<double> Sorted => _sorted.AsSpan(0, Count);

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public static long StateBytes(int capacity) => 2 * sizeof(int) + (long)sizeof(double) * capacity;

    /// <summary>Takes a value, finite, in the place of the oldest.</summary>
    /// <returns>Whether a value had to go, <paramref name="oldest"/>.</returns>
    public bool Add(double value, out double oldest)
    {
        bool full = Count == capacity;
        oldest = _recent[_next];
        if (full)
        {
            int old = Array.BinarySearch(_sorted, 0, Count, oldest);
            Array.Copy(_sorted, old + 1, _sorted, old, Count - old - 1);
            Count--;
        }
        int at = Array.BinarySearch(_sorted, 0, Count, value);
        at = at < 0 ? ~at : at;
        Array.Copy(_sorted, at, _sorted, at + 1, Count - at);
        _sorted[at] = value;
        Count++;
        _recent[_next] = value;
        _next = (_next + 1) % capacity;
        return full;
    }

    public void Clear()
    {
        Array.Clear(_recent);
        (Count, _next) = (0, 0);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        writer.Write(_next);
        writer.Write((ReadOnlySpan<double>)_recent);
    }

    public static SortedWindow Read(BinaryReader reader, int capacity)
    {
        SortedWindow window = new(capacity) { Count = reader.ReadCount(capacity), _next = reader.ReadCount(capacity - 1) };
        reader.Read(window._recent.AsSpan());
        // Until the window is full for the first time, it is filled from the start.
        if (window.Count < capacity && window._next != window.Count)
            throw StateBlock.Damaged();
        window._recent.AsSpan(0, window.Count).CopyTo(window._sorted);
        Array.Sort(window._sorted, 0, window.Count);
        return window;
    }
}
