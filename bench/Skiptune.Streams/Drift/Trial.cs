using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streams.Drift;

/// <summary>What a detector did on streams of one kind, each of its own seed.</summary>
internal static class Trial
{
    /// <summary>Samples before a change.</summary>
    public const int Before = 1000;

    /// <summary>Samples after which a change counts as missed.</summary>
    public const int Patience = 2000;

    private const int Stationary = 10_000;

    /// <summary>Drifts per 10,000 samples of a stream that never changes.</summary>
    public static double FalseAlarms(Contestant contestant, SyntheticStream stream, Seeds seeds) => seeds.All.AsParallel().Average(seed =>
    {
        Run run = new(contestant, stream, seed);
        int alarms = 0;
        for (int i = 0; i < Stationary; i++)
            alarms += run.Next(changed: false) ? 1 : 0;
        return alarms;
    });

    /// <summary>The median delay in samples, of the changes found, and the share found within <see cref="Patience"/>.</summary>
    public static (double Median, double Found) Delay(Contestant contestant, SyntheticStream stream, Seeds seeds)
    {
        int[] delays = [.. seeds.All.AsParallel().Select(seed =>
        {
            Run run = new(contestant, stream, seed);
            for (int i = 0; i < Before; i++)
                run.Next(changed: false);
            int delay = 1;
            while (delay <= Patience && !run.Next(changed: true))
                delay++;
            return delay;
        }).Where(delay => delay <= Patience).Order()];
        return (delays.Length > 0 ? delays[delays.Length / 2] : double.NaN, (double)delays.Length / seeds.Count);
    }

    private sealed class Run(Contestant contestant, SyntheticStream stream, int seed)
    {
        private readonly IDriftDetector _detector = contestant.Create();
        private readonly SeededRandom _random = new(seed, stream: 7);
        private readonly float[] _features = new float[SyntheticStream.Features];
        private double _before;

        public bool Next(bool changed)
        {
            _before = stream.Draw(_random, _before, changed, _features);
            return _detector.Update(new DriftInput(_before, _features)) == DriftStatus.Drift;
        }
    }
}
