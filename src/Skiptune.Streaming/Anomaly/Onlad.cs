using Skiptune.Numerics;
using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Anomaly;

/// <summary>
/// Learns what is normal on the device, one sample at a time, and scores how far a sample is from it: autoencoders whose
/// output weights are a ridge regression kept up to date, so that a sample is seen once and not kept. Memory is fixed, a
/// sample allocates nothing, and the same samples give the same bits on any machine.
/// </summary>
/// <remarks>
/// <para>Tsukada, Kondo, Matsutani: A Neural Network-Based On-Device Learning Anomaly Detector for Edge Devices, IEEE
/// Trans. Computers 2020, with several instances for several normal patterns.</para>
/// <para>
/// A sample's score is the mean squared error, in squared deviations a feature, of the instance that rebuilds it best, and
/// that instance learns it. There is one instance at first. While there are more, a sample above the threshold that is to be
/// learnt teaches an instance set aside; when <see cref="OnladOptions.Patience"/> of them have come in a row they are a pattern
/// of their own, and the instance joins the others. A row that ends before is dropped: outliers teach nothing.
/// </para>
/// <para>
/// With a scale, an instance's first 32 samples only set its means and deviations. From twice as many samples as there are
/// hidden neurons on, its scores count, and from the hundredth of them on there is a threshold. Whether a sample is to be
/// learnt is the caller's choice; with one instance, whoever learns everything learns anomalies too.
/// </para>
/// For one caller at a time.
/// </remarks>
public sealed class Onlad : IAnomalyDetector
{
    // Sums of deviation 0.3 leave tanh nearly straight, so that as few random neurons as there are rebuild what is normal;
    // bent more, much of it stays behind as error, and what is not normal stands out less.
    private const float Gain = 0.3f;

    private readonly KernelSet _kernels = KernelSet.Current;
    private readonly NormalPattern[] _patterns;
    private readonly TailThreshold _tail;
    private readonly float[] _features;
    private readonly float[] _scores;
    private int _open = 1;
    private int _row;

    /// <summary>Creates a detector that knows nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Onlad(OnladOptions options)
    {
        Options = options = options.Checked();
        RandomLayer layer = new(options.Features, options.Hidden, options.Activation, options.Seed, Gain);
        _patterns = new NormalPattern[options.Instances];
        for (int i = 0; i < _patterns.Length; i++)
            _patterns[i] = new NormalPattern(options, layer);
        _tail = new TailThreshold(options.Window, options.FalseAlarmRate);
        _features = new float[options.Features];
        _scores = new float[options.Instances];
    }

    /// <summary>What it was made with, the hidden neurons filled in.</summary>
    public OnladOptions Options { get; }

    /// <summary>The score that one normal sample in 1 / <see cref="OnladOptions.FalseAlarmRate"/> exceeds; infinite until it is known.</summary>
    public float Threshold => _tail.Value;

    /// <summary>Normal patterns found so far: 1 to <see cref="OnladOptions.Instances"/>.</summary>
    public int Patterns => _open;

    private string Identity => $"Onlad 1 {Options}";

    // All instances but the newest are grown.
    private NormalPattern Newest => _patterns[_open - 1];

    /// <summary>How far a sample is from what is normal, in squared deviations a feature: 0 and more; 0 while means and deviations are not known.</summary>
    /// <param name="x">The sample's features.</param>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12.</exception>
    public float Score(ReadOnlySpan<float> x)
    {
        ScoreAll(x);
        return _scores[Nearest(_open)];
    }

    /// <summary>Whether a score is above the threshold.</summary>
    public bool IsAnomaly(float score) => score > Threshold;

    /// <summary>Learns a sample as normal.</summary>
    /// <param name="x">The sample's features.</param>
    /// <returns>Its score before.</returns>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12. Nothing is learnt.</exception>
    public float Learn(ReadOnlySpan<float> x)
    {
        ScoreAll(x);
        int nearest = Nearest(_open);
        float score = _scores[nearest];
        int grown = Newest.IsGrown || _open == 1 ? _open : _open - 1;
        int nearestGrown = Nearest(grown);
        if (!IsAnomaly(_scores[nearestGrown]))
            LearnAs(_patterns[nearestGrown], score);
        else if (grown < _open)
            LearnAs(Newest, score);
        else if (_open < _patterns.Length)
            LearnAside();
        else
            LearnAs(_patterns[nearest], score);
        return score;
    }

    /// <summary>Forgets every sample.</summary>
    public void Reset()
    {
        foreach (NormalPattern pattern in _patterns)
            pattern.Reset();
        _tail.Reset();
        (_open, _row) = (1, 0);
    }

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        body.Write(_open);
        body.Write(_row);
        _tail.Write(body);
        foreach (NormalPattern pattern in _patterns)
            pattern.Write(body);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader)
    {
        long bytes = 2 * sizeof(int) + _tail.StateBytes + _patterns.Length * _patterns[0].StateBytes;
        (int open, int row, SortedWindow tail, NormalPattern.State[] patterns) = StateBlock.Read(reader, Identity, bytes, body =>
        {
            int open = body.ReadCount(_patterns.Length);
            int row = body.ReadCount(Options.Patience - 1);
            return open > 0 && (row == 0 || open < _patterns.Length)
                ? (open, row, _tail.Read(body), Array.ConvertAll(_patterns, pattern => pattern.Read(body)))
                : throw StateBlock.Damaged();
        });
        (_open, _row) = (open, row);
        _tail.Restore(tail);
        for (int i = 0; i < patterns.Length; i++)
            _patterns[i].Restore(patterns[i]);
    }

    private void LearnAs(NormalPattern pattern, float score)
    {
        if (_row > 0)
            _patterns[_open].Reset();
        _row = 0;
        if (pattern.IsGrown)
            _tail.Add(score);
        pattern.Learn(_features);
    }

    private void LearnAside()
    {
        NormalPattern candidate = _patterns[_open];
        candidate.Score(_features);
        candidate.Learn(_features);
        if (++_row < Options.Patience)
            return;
        _open++;
        _row = 0;
    }

    private int Nearest(int patterns)
    {
        int nearest = 0;
        for (int i = 1; i < patterns; i++)
            nearest = _scores[i] < _scores[nearest] ? i : nearest;
        return nearest;
    }

    private void ScoreAll(ReadOnlySpan<float> x)
    {
        Samples.CheckLength(x.Length, Options.Features, nameof(x));
        Samples.Check(x, nameof(x));
        x.CopyTo(_features);
        if (Options.Scale == InputScale.LogStandardize)
        {
            foreach (ref float value in _features.AsSpan())
                value = MathF.Max(value, 0) + Options.LogFloor;
            _kernels.Apply(new UnaryValue<LogFunction>(default), _features, accumulate: false, _features);
        }
        for (int i = 0; i < _open; i++)
            _scores[i] = _patterns[i].Score(_features);
    }
}
