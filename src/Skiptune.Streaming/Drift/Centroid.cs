namespace Skiptune.Streaming.Drift;

/// <summary>
/// Watches the samples themselves: centroids of the classes, learnt from a reference, against those of a window of recent
/// samples. A sample with a high anomaly score opens a window; at its end the distance decides. Needs a few vectors of
/// memory and no labels: the class is the one predicted.
/// </summary>
/// <remarks>
/// Yamada and Matsutani: A Sequential Concept Drift Detection Method for On-Device Learning on Low-End Edge Devices, 2022
/// (arXiv 2212.09637): sequential class centroids, a window, two thresholds. Here each window starts with fresh centroids, features
/// count in their own deviations, and both thresholds are learnt: the first from the scores of the reference, the second
/// from the distances of windows behind it. After a drift the reference is learnt anew.
/// </remarks>
public sealed class Centroid : IDriftDetector
{
    // Distances of few windows may be alike by chance.
    private const double SmallestDeviation = 0.05;

    private readonly CentroidOptions _options;
    private Memory _memory;

    /// <summary>Creates a detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Centroid(CentroidOptions options)
    {
        options.Check();
        _options = options;
        _memory = new Memory(New(), New());
    }

    private string Identity => $"Centroid 1 {_options}";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such class, or a feature is not finite or above 1e12.</exception>
    public DriftStatus Update(in DriftInput input)
    {
        double value = DriftValue.Finite(input);
        Samples.CheckLength(input.Features.Length, _options.Features, nameof(input));
        Samples.Check(input.Features, nameof(input));
        if ((uint)input.Class >= (uint)_options.Classes)
            throw new ArgumentException($"class {input.Class} is not below {_options.Classes}", nameof(input));

        if (_memory.Reference.Count < _options.Reference)
        {
            _memory.Reference.Add(input.Features, input.Class);
            _memory.Scores.Add(value);
            return DriftStatus.Stable;
        }
        if (_memory.Recent.Count == 0 && !Opens(value))
            return DriftStatus.Stable;
        _memory.Recent.Add(input.Features, input.Class);
        if (_memory.Recent.Count < _options.Window)
            return DriftStatus.Stable;

        double distance = _memory.Reference.Distance(_memory.Recent);
        _memory.Recent.Clear();
        DriftStatus status = Judge(distance);
        if (status == DriftStatus.Drift)
            Reset();
        else if (status == DriftStatus.Stable)
            _memory.Distances.Add(distance);
        return status;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _memory.Reference.Clear();
        _memory.Recent.Clear();
        (_memory.Scores, _memory.Distances) = (default, default);
    }

    /// <inheritdoc/>
    public void WriteState(BinaryWriter writer) => StateBlock.Write(writer, Identity, body =>
    {
        _memory.Reference.Write(body);
        _memory.Recent.Write(body);
        _memory.Scores.Write(body);
        _memory.Distances.Write(body);
    });

    /// <inheritdoc/>
    public void ReadState(BinaryReader reader) => _memory = StateBlock.Read(
        reader,
        Identity,
        2 * ClassCentroids.StateBytes(_options.Classes, _options.Features) + 2 * RunningMoments.StateBytes,
        body => new Memory(ReadCentroids(body), ReadCentroids(body)) { Scores = RunningMoments.Read(body), Distances = RunningMoments.Read(body) });

    private bool Opens(double value) =>
        _memory.Distances.Count < _options.CalibrationWindows || _options.ErrorSigmas is not { } sigmas || value > _memory.Scores.Mean + sigmas * _memory.Scores.Deviation;

    private DriftStatus Judge(double distance)
    {
        if (_memory.Distances.Count < _options.CalibrationWindows)
            return DriftStatus.Stable;
        double sigmas = (distance - _memory.Distances.Mean) / Math.Max(_memory.Distances.Deviation, SmallestDeviation * _memory.Distances.Mean);
        return sigmas > _options.DriftSigmas ? DriftStatus.Drift : sigmas > _options.DriftSigmas / 2 ? DriftStatus.Warning : DriftStatus.Stable;
    }

    private ClassCentroids New() => new(_options.Classes, _options.Features);

    private ClassCentroids ReadCentroids(BinaryReader reader) => ClassCentroids.Read(reader, _options.Classes, _options.Features);

    private sealed class Memory(ClassCentroids reference, ClassCentroids recent)
    {
        public RunningMoments Scores;
        public RunningMoments Distances;

        public ClassCentroids Reference { get; } = reference;

        public ClassCentroids Recent { get; } = recent;
    }
}
