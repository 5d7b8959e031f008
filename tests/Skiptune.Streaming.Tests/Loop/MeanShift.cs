using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Loop;

/// <summary>A detector simple enough to be foreseen: the mean of the last values against that of the first.</summary>
internal sealed class MeanShift(int window = 20, double by = 0.25) : IDriftDetector
{
    private readonly double[] _last = new double[window];
    private double _reference;
    private int _seen;

    public DriftStatus Update(in DriftInput input)
    {
        if (!double.IsFinite(input.Value))
            throw new ArgumentException("not finite", nameof(input));
        if (_seen < window)
            _reference += input.Value / window;
        _last[_seen++ % window] = input.Value;
        return _seen >= 2 * window && Math.Abs(_last.Average() - _reference) > by ? DriftStatus.Drift : DriftStatus.Stable;
    }

    public void Reset()
    {
        Array.Clear(_last);
        (_reference, _seen) = (0, 0);
    }

    public void WriteState(BinaryWriter writer)
    {
        writer.Write(window);
        writer.Write(_reference);
        writer.Write(_seen);
        foreach (double value in _last)
            writer.Write(value);
    }

    public void ReadState(BinaryReader reader)
    {
        if (reader.ReadInt32() != window)
            throw new InvalidDataException("another window");
        _reference = reader.ReadDouble();
        _seen = reader.ReadInt32();
        for (int i = 0; i < _last.Length; i++)
            _last[i] = reader.ReadDouble();
    }
}

/// <summary>The distance to a mean that follows slowly.</summary>
internal sealed class DistanceScore(int length) : Streaming.Anomaly.IAnomalyDetector
{
    private readonly float[] _mean = new float[length];

    public float Score(ReadOnlySpan<float> x)
    {
        float sum = 0;
        for (int i = 0; i < x.Length; i++)
            sum += (x[i] - _mean[i]) * (x[i] - _mean[i]);
        return MathF.Sqrt(sum / x.Length);
    }

    public float Learn(ReadOnlySpan<float> x)
    {
        float score = Score(x);
        for (int i = 0; i < x.Length; i++)
            _mean[i] += 0.01f * (x[i] - _mean[i]);
        return score;
    }

    public bool IsAnomaly(float score) => score > 10;

    public void WriteState(BinaryWriter writer)
    {
        foreach (float value in _mean)
            writer.Write(value);
    }

    public void ReadState(BinaryReader reader)
    {
        for (int i = 0; i < _mean.Length; i++)
            _mean[i] = reader.ReadSingle();
    }
}
