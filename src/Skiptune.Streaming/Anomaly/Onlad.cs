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
/// A sample's score is the mean squared error of the instance that rebuilds it best, and that instance learns it. There is
/// one instance at first. When <see cref="OnladOptions.Patience"/> samples in a row are learnt that all score above the
/// threshold, they have become a pattern of their own: what they have taught meanwhile to an instance set aside joins the
/// others. Samples above the threshold that do not become a pattern are set aside too, while there are instances left.
/// </para>
/// <para>
/// The first 32 samples set means and deviations only (with a scale), the next 2 Hidden only teach; then scores are
/// gathered, and from the hundredth on there is a threshold. Whether a sample is to be learnt is the caller's choice; who
/// learns everything learns anomalies too, but never forgets the normal faster than <see cref="OnladOptions.Forgetting"/>.
/// </para>
/// For one caller at a time.
/// </remarks>
public sealed class Onlad : IStreamState
{
    private readonly InputScaler _scaler;
    private readonly RandomLayer _layer;
    private readonly RecursiveRidge[] _instances;
    private readonly TailThreshold _tail;
    private readonly float[] _features;
    private readonly float[] _scaled;
    private readonly float[] _hidden;
    private readonly float[] _output;
    private int _open = 1;
    private int _streak;

    /// <summary>Creates a detector that knows nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Onlad(OnladOptions options)
    {
        Options = options = options.Checked();
        _scaler = new InputScaler(options);
        _layer = new RandomLayer(options.Features, options.Hidden, options.Activation, options.Seed);
        _instances = new RecursiveRidge[options.Instances];
        for (int i = 0; i < options.Instances; i++)
            _instances[i] = new RecursiveRidge(options.Hidden, options.Features, options.Ridge, options.Forgetting);
        _tail = new TailThreshold(options.Window, options.FalseAlarmRate);
        _features = new float[options.Features];
        _scaled = new float[options.Features];
        _hidden = new float[options.Hidden];
        _output = new float[options.Features];
    }

    /// <summary>What it was made with, the hidden neurons filled in.</summary>
    public OnladOptions Options { get; }

    /// <summary>The score that one normal sample in 1 / <see cref="OnladOptions.FalseAlarmRate"/> exceeds; infinite until it is known.</summary>
    public float Threshold => _tail.Value;

    /// <summary>Normal patterns found so far: 1 to <see cref="OnladOptions.Instances"/>.</summary>
    public int Patterns => _open;

    private string Identity => $"Onlad 1 {Options}";

    // Set aside for a pattern that may be one.
    private RecursiveRidge? Candidate => _open < _instances.Length ? _instances[_open] : null;

    /// <summary>How far a sample is from what is normal, in squared deviations a feature: 0 and more; 0 while means and deviations are not known.</summary>
    /// <param name="x">The sample's features.</param>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12.</exception>
    public float Score(ReadOnlySpan<float> x) => Nearest(x, out _);

    /// <summary>Whether a score is above the threshold.</summary>
    public bool IsAnomaly(float score) => score > Threshold;

    /// <summary>Learns a sample as normal.</summary>
    /// <param name="x">The sample's features.</param>
    /// <returns>Its score before.</returns>
    /// <exception cref="ArgumentException">The sample's length does not fit, or a value is not finite or above 1e12. Nothing is learnt.</exception>
    public float Learn(ReadOnlySpan<float> x)
    {
        float score = Nearest(x, out RecursiveRidge nearest);
        if (_scaler.IsReady)
        {
            if (IsAnomaly(score) && Candidate is { } candidate)
                LearnAside(candidate);
            else
                LearnAs(nearest, score);
        }
        _scaler.Learn(_features);
        return score;
    }

    /// <summary>Forgets every sample.</summary>
    public void Reset()
    {
        _scaler.Reset();
        foreach (RecursiveRidge instance in _instances)
            instance.Reset();
        _tail.Reset();
        (_open, _streak) = (1, 0);
    }

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        body.Write(_open);
        body.Write(_streak);
        _scaler.Write(body);
        _tail.Write(body);
        foreach (RecursiveRidge instance in _instances)
            instance.Write(body);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader)
    {
        long bytes = 2 * sizeof(int) + _scaler.StateBytes + _tail.StateBytes + _instances.Length * _instances[0].StateBytes;
        (int open, int streak, InputScaler.State scaler, TailThreshold.State tail, RecursiveRidge.State[] instances) = StateBlock.Read(reader, Identity, bytes, body =>
        {
            int open = body.ReadCount(_instances.Length);
            return (open > 0 ? open : throw StateBlock.Damaged(), body.ReadCount(Options.Patience - 1), _scaler.Read(body), _tail.Read(body), Array.ConvertAll(_instances, instance => instance.Read(body)));
        });
        (_open, _streak) = (open, streak);
        _scaler.Restore(scaler);
        _tail.Restore(tail);
        for (int i = 0; i < instances.Length; i++)
            _instances[i].Restore(instances[i]);
    }

    private void LearnAs(RecursiveRidge nearest, float score)
    {
        if (_streak > 0)
            Candidate?.Reset();
        _streak = 0;
        nearest.Learn(1, _hidden, _scaled);
        if (_instances[0].Count > 2 * Options.Hidden)
            _tail.Add(score);
    }

    private void LearnAside(RecursiveRidge candidate)
    {
        candidate.Learn(1, _hidden, _scaled);
        if (++_streak < Options.Patience)
            return;
        _open++;
        _streak = 0;
    }

    // Leaves the sample's features, scaled features and hidden values behind.
    private float Nearest(ReadOnlySpan<float> x, out RecursiveRidge nearest)
    {
        Samples.CheckLength(x.Length, Options.Features, nameof(x));
        Samples.Check(x, nameof(x));
        _scaler.Apply(x, _features, _scaled);
        nearest = _instances[0];
        if (!_scaler.IsReady)
            return 0;
        _layer.Forward(1, _scaled, _hidden);
        float least = float.PositiveInfinity;
        foreach (RecursiveRidge instance in _instances.AsSpan(0, _open))
        {
            instance.Predict(1, _hidden, _output);
            float error = MeanSquare(_scaled, _output);
            if (error < least)
                (least, nearest) = (error, instance);
        }
        return least;
    }

    private static float MeanSquare(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
            sum += ((double)left[i] - right[i]) * ((double)left[i] - right[i]);
        return (float)Math.Min(sum / left.Length, float.MaxValue);
    }
}
