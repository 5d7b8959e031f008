namespace Skiptune.Streaming.Drift;

/// <summary>
/// The Page-Hinkley test: adds up by how much values differ from the mean so far, up and down apart; a sum that rises far
/// above its lowest is a drift. Cheapest of all, and quickest where the size of the change is known.
/// </summary>
/// <remarks>
/// Page: Continuous inspection schemes, Biometrika 1954; Hinkley 1971. Values are counted in running deviations, so that
/// <see cref="PageHinkleyOptions.Threshold"/> means the same for losses of 0.01 and for temperatures; after a drift the test starts anew.
/// </remarks>
public sealed class PageHinkley : IDriftDetector
{
    private readonly PageHinkleyOptions _options;
    private RunningMoments _past;
    private double _up;
    private double _down;

    /// <summary>Creates a detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PageHinkley(PageHinkleyOptions options)
    {
        options.Check();
        _options = options;
    }

    private string Identity => $"PageHinkley 1 {_options}";

    /// <inheritdoc/>
    public DriftStatus Update(in DriftInput input)
    {
        double value = DriftValue.Finite(input);
        if (_past.Count >= _options.MinimumSamples)
        {
            double apart = value - _past.Mean;
            double moved = apart == 0 ? 0 : Math.Clamp(_past.Deviation > 0 ? apart / _past.Deviation : Math.Sign(apart) * _options.Clip, -_options.Clip, _options.Clip);
            _up = Math.Max(0, _up + moved - _options.Delta);
            _down = Math.Max(0, _down - moved - _options.Delta);
        }
        double sum = Math.Max(_up, _down);
        if (sum > _options.Threshold)
        {
            Reset();
            return DriftStatus.Drift;
        }
        _past.Add(value);
        return sum > _options.WarningShare * _options.Threshold ? DriftStatus.Warning : DriftStatus.Stable;
    }

    /// <inheritdoc/>
    public void Reset() => (_past, _up, _down) = (default, 0, 0);

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        _past.Write(body);
        body.Write(_up);
        body.Write(_down);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => (_past, _up, _down) = StateBlock.Read(
        reader, Identity, RunningMoments.StateBytes + 2 * sizeof(double), body => (RunningMoments.Read(body), body.ReadFinite(), body.ReadFinite()));
}
