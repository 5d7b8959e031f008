namespace Skiptune.Streaming.Drift;

/// <summary>
/// DDM: watches a classifier's error rate, which falls or stays while the stream does, and asks how far it has risen above its
/// lowest. For errors of 0 and 1; the longer a stream has been stable, the longer it takes.
/// </summary>
/// <remarks>
/// Gama, Medas, Castillo, Rodrigues: Learning with drift detection, SBIA 2004. The rate counts half an error and one sample more
/// than there were, so that a first error after none is no drift; after a drift the test starts anew.
/// </remarks>
public sealed class Ddm : IDriftDetector
{
    private readonly DdmOptions _options;
    private Rates _rates;

    /// <summary>Creates a detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Ddm(DdmOptions options)
    {
        options.Check();
        _options = options;
        Reset();
    }

    private string Identity => $"Ddm 1 {_options}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The value is not in 0 .. 1.</exception>
    public DriftStatus Update(in DriftInput input)
    {
        if (!(input.Value is >= 0 and <= 1))
            throw new ArgumentException($"the value is {input.Value}; DDM takes errors from 0 (right) to 1 (wrong)", nameof(input));
        _rates.Errors += input.Value;
        _rates.Count++;
        double rate = (_rates.Errors + 0.5) / (_rates.Count + 1);
        double deviation = Math.Sqrt(rate * (1 - rate) / (_rates.Count + 1));
        if (_rates.Count < _options.MinimumSamples)
            return DriftStatus.Stable;
        if (rate + deviation < _rates.LowestRate + _rates.LowestDeviation)
            (_rates.LowestRate, _rates.LowestDeviation) = (rate, deviation);
        double risen = rate + deviation - _rates.LowestRate;
        if (risen > _options.DriftSigmas * _rates.LowestDeviation)
        {
            Reset();
            return DriftStatus.Drift;
        }
        return risen > _options.WarningSigmas * _rates.LowestDeviation ? DriftStatus.Warning : DriftStatus.Stable;
    }

    /// <inheritdoc/>
    public void Reset() => _rates = new Rates { LowestRate = 1, LowestDeviation = 1 };

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        body.Write(_rates.Count);
        body.Write((ReadOnlySpan<double>)[_rates.Errors, _rates.LowestRate, _rates.LowestDeviation]);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => _rates = StateBlock.Read(reader, Identity, sizeof(long) + 3 * sizeof(double), body => new Rates
    {
        Count = body.ReadCount(),
        Errors = body.ReadFinite(),
        LowestRate = body.ReadFinite(),
        LowestDeviation = body.ReadFinite(),
    });

    private struct Rates
    {
        public long Count;
        public double Errors;
        public double LowestRate;
        public double LowestDeviation;
    }
}
