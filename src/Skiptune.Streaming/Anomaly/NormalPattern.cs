using Skiptune.Streaming.Learners;

namespace Skiptune.Streaming.Anomaly;

/// <summary>One pattern of what is normal: its means and deviations, and an autoencoder of what they leave.</summary>
/// <param name="options">Those of the whole.</param>
/// <param name="layer">The hidden layer, which all patterns share.</param>
internal sealed class NormalPattern(OnladOptions options, RandomLayer layer)
{
    private readonly InputScaler _scaler = new(options);
    private readonly RecursiveRidge _ridge = new(options.Hidden, options.Features, options.Ridge, options.Forgetting);
    private readonly float[] _scaled = new float[options.Features];
    private readonly float[] _hidden = new float[options.Hidden];
    private readonly float[] _output = new float[options.Features];

    /// <summary>True once the autoencoder has seen enough to be judged by.</summary>
    public bool IsGrown => _ridge.Count >= 2 * options.Hidden;

    /// <summary>The bytes of <see cref="Write"/>.</summary>
    public long StateBytes => _scaler.StateBytes + _ridge.StateBytes;

    /// <summary>The mean squared error of rebuilding a sample; 0 while means and deviations are not known.</summary>
    public float Score(ReadOnlySpan<float> features)
    {
        _scaler.Apply(features, _scaled);
        if (!_scaler.IsReady)
            return 0;
        layer.Forward(1, _scaled, _hidden);
        _ridge.Predict(1, _hidden, _output);
        double sum = 0;
        for (int i = 0; i < _scaled.Length; i++)
            sum += ((double)_scaled[i] - _output[i]) * ((double)_scaled[i] - _output[i]);
        double error = sum / _scaled.Length;
        return error <= float.MaxValue ? (float)error : float.MaxValue;
    }

    /// <summary>Learns the sample that was scored last.</summary>
    public void Learn(ReadOnlySpan<float> features)
    {
        if (_scaler.IsReady)
            _ridge.Learn(1, _hidden, _scaled);
        _scaler.Learn(features);
    }

    public void Reset()
    {
        _scaler.Reset();
        _ridge.Reset();
    }

    public void Write(BinaryWriter writer)
    {
        _scaler.Write(writer);
        _ridge.Write(writer);
    }

    public State Read(BinaryReader reader) => new(_scaler.Read(reader), _ridge.Read(reader));

    public void Restore(State state)
    {
        _scaler.Restore(state.Scaler);
        _ridge.Restore(state.Ridge);
    }

    internal sealed record State(InputScaler.State Scaler, RecursiveRidge.State Ridge);
}
