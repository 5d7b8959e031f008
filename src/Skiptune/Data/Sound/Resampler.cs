namespace Skiptune.Data;

/// <summary>
/// Brings a sound to another number of values a second without aliasing: a polyphase filter of windowed sincs. Flat within
/// 0.01 dB up to 0.9 of the lower of the two Nyquist frequencies, and 90 dB down from that frequency on. The first value
/// keeps its place in time; beyond its ends a sound is silent. Immutable; safe for concurrent callers.
/// </summary>
public sealed class Resampler
{
    /// <summary>The most that one rate may be a multiple of the other.</summary>
    public const int MaxRatio = 32;

    // Zero crossings of the sinc on each side, the Kaiser window's parameter, and where the filter is 6 dB down.
    private const int Crossings = 64;
    private const double Beta = 10;
    private const double Cutoff = 0.95;

    // Between more phases than this, weights are interpolated: the error stays below -110 dB.
    private const int MostPhases = 1024;

    private readonly int _up;
    private readonly int _down;
    private readonly int _half;
    private readonly int _phases;
    private readonly float[] _weights; // (phases + 1) x 2 half

    /// <summary>Makes the filter.</summary>
    /// <param name="from">Values a second of what goes in, 1 to 1,000,000.</param>
    /// <param name="to">Values a second of what comes out, 1 to 1,000,000.</param>
    /// <exception cref="SkiptuneException">A rate is out of range, or one is more than <see cref="MaxRatio"/> times the other.</exception>
    public Resampler(int from, int to)
    {
        if (from is < 1 or > WavHeader.MaxRate || to is < 1 or > WavHeader.MaxRate || from / (double)to > MaxRatio || to / (double)from > MaxRatio)
            throw new SkiptuneException($"a sound of {from} values a second cannot be brought to {to}; rates of 1 to {WavHeader.MaxRate}, one at most {MaxRatio} times the other, are supported");
        (From, To) = (from, to);
        int divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (_up, _down) = (to / divisor, from / divisor);
        _phases = Math.Min(_up, MostPhases);
        double band = Math.Min(1, to / (double)from);
        _half = from == to ? 0 : (int)Math.Ceiling(Crossings / band);
        _weights = new float[(_phases + 1) * 2 * _half];
        double[] row = new double[2 * _half];
        for (int phase = 0; phase <= _phases && _half > 0; phase++)
        {
            for (int k = 0; k < row.Length; k++)
                row[k] = Weight(k + 1 - _half - phase / (double)_phases, band * Cutoff);
            // Each phase passes a constant as it is.
            double sum = row.Sum();
            for (int k = 0; k < row.Length; k++)
                _weights[phase * row.Length + k] = (float)(row[k] / sum);
        }
    }

    /// <summary>Values a second of what goes in.</summary>
    public int From { get; }

    /// <summary>Values a second of what comes out.</summary>
    public int To { get; }

    /// <summary>The values that come out of so many: as long in time, rounded up.</summary>
    /// <param name="count">Values that go in, at least 0.</param>
    public long LengthOf(long count) => (count * _up + _down - 1) / _down;

    /// <summary>The values from the start of a sound that so many values of the result are made of, at most.</summary>
    /// <param name="count">Values that come out, at least 0.</param>
    public long NeededFor(long count) => count * _down / _up + 1 + _half;

    /// <summary>
    /// The last value of a sound at which reading may begin for the result to be right from a value on: the result of what
    /// is left begins at another value, so many further on.
    /// </summary>
    /// <param name="first">The first value of the result that is wanted.</param>
    /// <returns>Where to read from, and the value of the whole result that is then the first.</returns>
    public (long Source, long Result) StartFor(long first)
    {
        // Places that are whole numbers on both sides.
        long block = Math.Max(0, (first * _down / _up - _half) / _down);
        return (block * _down, block * _up);
    }

    /// <summary>Makes values of the result, as many as there is room for; silence follows a sound that is shorter.</summary>
    /// <param name="source">The sound.</param>
    /// <param name="destination">Any number of values; must not overlap the source.</param>
    /// <param name="first">The first value of the result to make; default 0.</param>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination, long first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        int count = (int)Math.Clamp(LengthOf(source.Length) - first, 0, destination.Length);
        destination[count..].Clear();
        if (_half == 0)
        {
            source.Slice((int)Math.Min(first, source.Length), count).CopyTo(destination);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            (long whole, long rest) = Math.DivRem((first + i) * _down, _up);
            (long phase, long between) = Math.DivRem(rest * _phases, _up);
            double value = Sum(source, whole, (int)phase);
            if (between != 0)
                value += (Sum(source, whole, (int)phase + 1) - value) * between / _up;
            destination[i] = (float)value;
        }
    }

    private double Sum(ReadOnlySpan<float> source, long whole, int phase)
    {
        long first = whole + 1 - _half;
        int from = (int)Math.Max(0, -first);
        int to = (int)Math.Min(2L * _half, source.Length - first);
        if (to <= from)
            return 0;
        ReadOnlySpan<float> weights = _weights.AsSpan(phase * 2 * _half + from, to - from);
        ReadOnlySpan<float> values = source.Slice((int)(first + from), to - from);
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
            sum += (double)weights[k] * values[k];
        return sum;
    }

    // The sinc of a low-pass filter at a distance in values of the source, within a Kaiser window.
    private double Weight(double distance, double cutoff)
    {
        double place = distance / _half;
        if (Math.Abs(place) >= 1)
            return 0;
        double angle = Math.PI * cutoff * distance;
        return (angle == 0 ? 1 : Math.Sin(angle) / angle) * Bessel(Beta * Math.Sqrt(1 - place * place));
    }

    // The modified Bessel function of order 0, by its series.
    private static double Bessel(double x)
    {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
