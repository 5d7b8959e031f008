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
    private State _state;

    public TailThreshold(int window, double rate)
    {
        (_window, _rate) = (window, rate);
        _state = new State(window);
    }

    /// <summary>Infinite before <see cref="Least"/> scores.</summary>
    public float Value { get; private set; } = float.PositiveInfinity;

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public long StateBytes => 2 * sizeof(int) + (long)sizeof(float) * _window;

    /// <summary>Forgets every score.</summary>
    public void Reset() => Restore(new State(_window));

    /// <summary>Takes a score, finite, in the place of the oldest.</summary>
    public void Add(float score)
    {
        float[] sorted = _state.Sorted;
        if (_state.Count == _window)
        {
            int old = Array.BinarySearch(sorted, 0, _state.Count, _state.Recent[_state.Next]);
            Array.Copy(sorted, old + 1, sorted, old, _state.Count - old - 1);
            _state.Count--;
        }
        int at = Array.BinarySearch(sorted, 0, _state.Count, score);
        at = at < 0 ? ~at : at;
        Array.Copy(sorted, at, sorted, at + 1, _state.Count - at);
        sorted[at] = score;
        _state.Count++;
        _state.Recent[_state.Next] = score;
        _state.Next = (_state.Next + 1) % _window;
        Value = Fit();
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_state.Count);
        writer.Write(_state.Next);
        writer.Write((ReadOnlySpan<float>)_state.Recent);
    }

    public State Read(BinaryReader reader)
    {
        State state = new(_window) { Count = reader.ReadCount(_window), Next = reader.ReadCount(_window - 1) };
        reader.Read(state.Recent.AsSpan());
        // Until the window is full for the first time, it is filled from the start.
        if (state.Count < _window && state.Next != state.Count)
            throw StateBlock.Damaged();
        state.Recent.AsSpan(0, state.Count).CopyTo(state.Sorted);
        Array.Sort(state.Sorted, 0, state.Count);
        return state;
    }

    public void Restore(State state)
    {
        _state = state;
        Value = Fit();
    }

    private float Fit()
    {
        int tail = (int)(Tail * _state.Count);
        if (_state.Count < Least)
            return float.PositiveInfinity;
        double start = _state.Sorted[_state.Count - tail - 1];
        double mean = 0;
        foreach (float score in _state.Sorted.AsSpan(_state.Count - tail, tail))
            mean += (score - start) / tail;
        double variance = 0;
        foreach (float score in _state.Sorted.AsSpan(_state.Count - tail, tail))
            variance += (score - start - mean) * (score - start - mean) / (tail - 1);
        if (variance == 0)
            return (float)(start + mean);
        // Shape and scale that give this mean and variance; the mean is kept where the shape is cut off.
        double shape = Math.Clamp((1 - mean * mean / variance) / 2, LightestShape, HeaviestShape);
        double scale = mean * (1 - shape);
        double odds = Math.Log((double)tail / _state.Count / _rate);
        double excess = Math.Abs(shape) < 1e-6 ? scale * odds : scale / shape * (Math.Exp(shape * odds) - 1);
        return (float)(start + excess);
    }

    internal sealed class State(int window)
    {
        public int Count { get; set; }

        public int Next { get; set; }

        public float[] Recent { get; } = new float[window];

        public float[] Sorted { get; } = new float[window];
    }
}
