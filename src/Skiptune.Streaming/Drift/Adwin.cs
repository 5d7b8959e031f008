namespace Skiptune.Streaming.Drift;

/// <summary>
/// ADWIN: keeps as long a window as shows no change of the mean. Wherever the window can be cut in two whose means differ by
/// more than chance allows, its older part is dropped, and the stream has drifted. Both directions count. The first choice where
/// nothing is known of the size of the change.
/// </summary>
/// <remarks>
/// Bifet and Gavaldà: Learning from time-changing data with adaptive windowing, SDM 2007, with the bound of section 4 and
/// the exponential histogram of section 3.2. The window's mean can be anything: the bound is scaled by the deviation of the
/// values unless <see cref="AdwinOptions.Range"/> is set.
/// </remarks>
public sealed class Adwin : IDriftDetector
{
    private readonly AdwinOptions _options;
    private ExponentialHistogram _window;
    private long _count;

    /// <summary>Creates a detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Adwin(AdwinOptions options)
    {
        options.Check();
        _options = options;
        _window = new ExponentialHistogram(options.Buckets);
    }

    /// <summary>Samples in the window.</summary>
    public long Length => _window.Total().Count;

    /// <summary>The mean of the window; 0 if it is empty.</summary>
    public double Mean => _window.Total().Mean;

    private string Identity => $"Adwin 1 {_options}";

    /// <inheritdoc/>
    public DriftStatus Update(in DriftInput input)
    {
        _window.Add(DriftValue.Finite(input));
        if (++_count % _options.Clock != 0)
            return DriftStatus.Stable;
        DriftStatus status = Strongest();
        if (status != DriftStatus.Drift)
            return status;
        do
            _window.RemoveOldest();
        while (Strongest() == DriftStatus.Drift);
        return DriftStatus.Drift;
    }

    /// <inheritdoc/>
    public void Reset() => (_window, _count) = (new ExponentialHistogram(_options.Buckets), 0);

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        body.Write(_count);
        _window.Write(body);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => (_count, _window) = StateBlock.Read(
        reader, Identity, sizeof(long) + ExponentialHistogram.StateBytes(_options.Buckets), body => (body.ReadCount(), ExponentialHistogram.Read(body, _options.Buckets)));

    /// <summary>The difference of means that chance reaches with a probability of delta at most, by the paper's equation (3.1) with the variance of the window.</summary>
    internal static double Bound(long older, long newer, double variance, double range, double delta)
    {
        double m = 1 / (1.0 / older + 1.0 / newer);
        double log = Math.Log(2 * Math.Log(older + newer) / delta);
        return Math.Sqrt(2 / m * variance * log) + 2 / (3 * m) * range * log;
    }

    // The strongest evidence of a change at any cut between two buckets.
    private DriftStatus Strongest()
    {
        ExponentialHistogram.Bucket total = _window.Total();
        double variance = total.Count > 0 ? total.Squares / total.Count : 0;
        double range = _options.Range ?? Math.Sqrt(variance);
        ExponentialHistogram.Bucket older = default;
        DriftStatus strongest = DriftStatus.Stable;
        for (ExponentialHistogram.Position at = _window.Oldest(); at.Size >= 0; at = _window.Newer(at))
        {
            older = older.With(_window[at]);
            long newer = total.Count - older.Count;
            if (newer < _options.MinimumLength)
                break;
            if (older.Count < _options.MinimumLength)
                continue;
            double apart = Math.Abs(older.Mean - total.MeanWithout(older));
            if (apart > Bound(older.Count, newer, variance, range, _options.Delta))
                return DriftStatus.Drift;
            if (apart > Bound(older.Count, newer, variance, range, _options.WarningDelta))
                strongest = DriftStatus.Warning;
        }
        return strongest;
    }
}
