namespace Skiptune.Streaming.Anomaly;

/// <summary>
/// The value that one score in 1 / rate exceeds, from the last scores alone: their largest tenth lies above its least one as
/// a generalised Pareto variable does (Pickands 1975; Siffer et al., KDD 2017, for streams), fitted by its mean and variance
/// (Hosking and Wallis 1987, section 2.2). The scores are kept sorted, so the tail is exact.
/// </summary>
internal sealed class TailThreshold
{
    /// <summary>Scores to see before there is a threshold.</summary>
    public const int Least = 100;

    private const double Tail = 0.1;

    // Shapes that a mean and a variance can tell: below 1/2 there is a variance, -2 ends more abruptly than a uniform variable.
    private const double LightestShape = -2;
    private const double HeaviestShape = 0.5;

    private readonly double _rate;
    private readonly int _window;
    private SortedWindow _scores;

    public TailThreshold(int window, double rate)
    {
        (_window, _rate) = (window, rate);
        _scores = new SortedWindow(window);
    }

    /// <summary>Infinite before <see cref="Least"/> scores.</summary>
    public float Value { get; private set; } = float.PositiveInfinity;

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public long StateBytes => SortedWindow.StateBytes(_window);

    /// <summary>Forgets every score.</summary>
    public void Reset() => Restore(new SortedWindow(_window));

    /// <summary>Takes a score, finite, in the place of the oldest.</summary>
    public void Add(float score)
    {
        _scores.Add(score, out _);
        Value = Fit();
    }

    public void Write(BinaryWriter writer) => _scores.Write(writer);

    public SortedWindow Read(BinaryReader reader) => SortedWindow.Read(reader, _window);

    public void Restore(SortedWindow scores)
    {
        _scores = scores;
        Value = Fit();
    }

    private float Fit()
    {
        if (_scores.Count < Least)
            return float.PositiveInfinity;
        int tail = (int)(Tail * _scores.Count);
        double start = _scores.Sorted[^(tail + 1)];
        ReadOnlySpan<double> largest = _scores.Sorted[^tail..];
        double mean = 0;
        foreach (double score in largest)
            mean += (score - start) / tail;
        double variance = 0;
        foreach (double score in largest)
            variance += (score - start - mean) * (score - start - mean) / (tail - 1);
        if (variance == 0)
            return (float)(start + mean);
        // Shape and scale that give this mean and variance; the mean is kept where the shape is cut off.
        double shape = Math.Clamp((1 - mean * mean / variance) / 2, LightestShape, HeaviestShape);
        double scale = mean * (1 - shape);
        double odds = Math.Log((double)tail / _scores.Count / _rate);
        double excess = Math.Abs(shape) < 1e-6 ? scale * odds : scale / shape * (Math.Exp(shape * odds) - 1);
        return (float)Math.Min(start + excess, float.MaxValue);
    }
}
