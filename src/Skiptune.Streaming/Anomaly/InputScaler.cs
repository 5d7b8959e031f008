using Skiptune.Numerics;

namespace Skiptune.Streaming.Anomaly;

/// <summary>
/// Brings samples to mean 0 and deviation 1, feature by feature, with exponentially weighted running statistics (West
/// 1979). A feature that hardly moves is not blown up: no deviation counts as less than a twentieth of all features' root mean
/// square. Results are cut off at 10 deviations, so that no single sample can move a learner far.
/// </summary>
internal sealed class InputScaler
{
    /// <summary>Samples to see before the statistics are worth anything.</summary>
    public const int Calibration = 32;

    private const float Furthest = 10;
    private const float SmallestShare = 0.05f;

    private readonly KernelSet _kernels = KernelSet.Current;
    private readonly InputScale _scale;
    private readonly float _forgetting;
    private readonly int _features;
    private State _state;

    public InputScaler(OnladOptions options)
    {
        (_scale, _forgetting, _features) = (options.Scale, options.Forgetting, options.Features);
        _state = new State(_features);
    }

    /// <summary>False while the statistics are still being gathered.</summary>
    public bool IsReady => _scale == InputScale.None || _state.Count >= Calibration;

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public long StateBytes => sizeof(long) + 2L * sizeof(float) * _features;

    /// <summary>Forgets every sample.</summary>
    public void Reset() => _state = new State(_features);

    /// <summary>The features, standardised.</summary>
    public void Apply(ReadOnlySpan<float> features, Span<float> scaled)
    {
        if (_scale == InputScale.None || _state.Count < 2)
        {
            features.CopyTo(scaled);
            return;
        }
        float least = SmallestShare * MathF.Sqrt(_kernels.Sum(_state.Variance) / _features);
        for (int i = 0; i < scaled.Length; i++)
        {
            float deviation = MathF.Max(MathF.Sqrt(_state.Variance[i]), least);
            float moved = features[i] - _state.Mean[i];
            scaled[i] = deviation > 0 ? Math.Clamp(moved / deviation, -Furthest, Furthest) : moved == 0 ? 0 : MathF.CopySign(Furthest, moved);
        }
    }

    /// <summary>Takes the features into the statistics.</summary>
    public void Learn(ReadOnlySpan<float> features)
    {
        if (_scale == InputScale.None)
            return;
        _state.Count++;
        float share = MathF.Max(1f / _state.Count, 1 - _forgetting);
        for (int i = 0; i < features.Length; i++)
        {
            float moved = features[i] - _state.Mean[i];
            float step = share * moved;
            _state.Mean[i] += step;
            _state.Variance[i] = (1 - share) * (_state.Variance[i] + step * moved);
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_state.Count);
        writer.Write((ReadOnlySpan<float>)_state.Mean);
        writer.Write((ReadOnlySpan<float>)_state.Variance);
    }

    public State Read(BinaryReader reader)
    {
        State state = new(_features) { Count = reader.ReadCount() };
        reader.Read(state.Mean.AsSpan());
        reader.Read(state.Variance.AsSpan());
        return Array.TrueForAll(state.Variance, variance => variance >= 0) ? state : throw StateBlock.Damaged();
    }

    public void Restore(State state) => _state = state;

    internal sealed class State(int features)
    {
        public long Count { get; set; }

        public float[] Mean { get; } = new float[features];

        public float[] Variance { get; } = new float[features];
    }
}
