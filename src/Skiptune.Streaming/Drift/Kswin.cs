namespace Skiptune.Streaming.Drift;

/// <summary>
/// KSWIN: the newest values and those before them in a sliding window, compared by the Kolmogorov-Smirnov test. Notices
/// any change of the distribution, also one that leaves the mean.
/// </summary>
/// <remarks>
/// Raab, Heusinger, Schleif: Reactive soft prototype computing for concept drift streams, Neurocomputing 2020. The newest are
/// compared with all older ones rather than with a random draw of them, which is stronger and needs no random numbers. There
/// are tests from twice the newest on. After a drift only the newest are kept.
/// </remarks>
public sealed class Kswin : IDriftDetector
{
    private readonly KswinOptions _options;
    private SortedWindow _older;
    private SortedWindow _recent;

    /// <summary>Creates a detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Kswin(KswinOptions options)
    {
        options.Check();
        _options = options;
        (_older, _recent) = (new SortedWindow(Older), new SortedWindow(options.Recent));
    }

    private int Older => _options.Window - _options.Recent;

    private string Identity => $"Kswin 1 {_options}";

    /// <inheritdoc/>
    public DriftStatus Update(in DriftInput input)
    {
        if (_recent.Add(DriftValue.Finite(input), out double oldest))
            _older.Add(oldest, out _);
        if (_older.Count < Math.Min(Older, _options.Recent))
            return DriftStatus.Stable;
        double distance = Distance(_older.Sorted, _recent.Sorted);
        if (distance > Bound(_older.Count, _recent.Count, _options.Alpha))
        {
            _older.Clear();
            return DriftStatus.Drift;
        }
        return distance > Bound(_older.Count, _recent.Count, _options.WarningAlpha) ? DriftStatus.Warning : DriftStatus.Stable;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _older.Clear();
        _recent.Clear();
    }

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        _older.Write(body);
        _recent.Write(body);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => (_older, _recent) = StateBlock.Read(
        reader, Identity, SortedWindow.StateBytes(Older) + SortedWindow.StateBytes(_options.Recent), body => (SortedWindow.Read(body, Older), SortedWindow.Read(body, _options.Recent)));

    /// <summary>The Kolmogorov-Smirnov distance: the most by which the shares of values up to any x differ.</summary>
    internal static double Distance(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double most = 0;
        (int l, int r) = (0, 0);
        while (l < left.Length && r < right.Length)
        {
            double x = Math.Min(left[l], right[r]);
            while (l < left.Length && left[l] == x)
                l++;
            while (r < right.Length && right[r] == x)
                r++;
            most = Math.Max(most, Math.Abs((double)l / left.Length - (double)r / right.Length));
        }
        return most;
    }

    /// <summary>The distance that chance reaches with a probability of alpha, for many values (Smirnov 1948).</summary>
    internal static double Bound(int left, int right, double alpha) => Math.Sqrt(-Math.Log(alpha / 2) / 2 * (1.0 / left + 1.0 / right));
}
