using FsCheck;
using FsCheck.Fluent;
using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

public sealed class AdwinTests
{
    // Sixty samples fit into buckets of one: every cut is tried, as the paper defines ADWIN before it is made fast.
    [Fact]
    public void On_short_streams_it_is_the_definition() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Streams, stream =>
    {
        AdwinOptions options = new() { Clock = 1, Buckets = 64, MinimumLength = stream.Least, Delta = stream.Delta, WarningDelta = Math.Max(0.3, stream.Delta), Range = stream.Range };
        Adwin detector = new(options);
        List<double> window = [];
        foreach (double value in stream.Values())
        {
            window.Add(value);
            bool drift = false;
            while (HasCut(window, options, options.Delta))
            {
                drift = true;
                window.RemoveAt(0);
            }
            DriftStatus expected = drift ? DriftStatus.Drift : HasCut(window, options, options.WarningDelta) ? DriftStatus.Warning : DriftStatus.Stable;
            Assert.Equal(expected, detector.Update(new DriftInput(value)));
            Assert.Equal(window.Count, detector.Length);
            Assert.Equal(window.Average(), detector.Mean, 1e-9);
        }
        return true;
    }));

    [Fact]
    public void The_bound_is_that_of_the_paper()
    {
        // n0 = 30, n1 = 70: m = 21; ln(2 ln 100 / 0.002) = 8.43493; variance 0.25.
        Assert.Equal(Math.Sqrt(2.0 / 21 * 0.25 * 8.434934) + 2.0 / 63 * 8.434934, Adwin.Bound(30, 70, 0.25, 1, 0.002), 1e-6);
    }

    [Fact]
    public void Values_far_below_one_drift_too()
    {
        Assert.InRange(Delay(new AdwinOptions()), 1, 200);
        Assert.Equal(Delay(new AdwinOptions()), Delay(new AdwinOptions(), scale: 1e6));
        Assert.Equal(2000, Delay(new AdwinOptions { Range = 1 })); // the paper's bound is for values over all of 0 .. 1

        static int Delay(AdwinOptions options, double scale = 1)
        {
            Adwin detector = new(options);
            SeededRandom random = new(3);
            for (int i = 0; i < 1000; i++)
                detector.Update(new DriftInput(scale * 0.001 * random.NextSingle()));
            for (int i = 0; i < 2000; i++)
            {
                if (detector.Update(new DriftInput(scale * (0.0005 + 0.001 * random.NextSingle()))) == DriftStatus.Drift)
                    return i + 1;
            }
            return 2000;
        }
    }

    [Fact]
    public void The_histogram_keeps_count_mean_and_variance_of_long_streams()
    {
        ExponentialHistogram histogram = new(3);
        SeededRandom random = new(9);
        List<double> all = [];
        for (int i = 0; i < 20_000; i++)
        {
            double value = 1e6 + random.NextSingle();
            all.Add(value);
            histogram.Add(value);
        }
        for (int removed = 0; removed < 5; removed++)
        {
            ExponentialHistogram.Bucket total = histogram.Total();
            double[] left = [.. all.Skip(all.Count - (int)total.Count)];
            double mean = left.Average();
            Assert.Equal(mean, total.Mean, 1e-6);
            Assert.Equal(left.Sum(value => (value - mean) * (value - mean)), total.Squares, 1e-3 * left.Length);
            histogram.RemoveOldest();
        }
    }

    private static Arbitrary<Stream> Streams { get; } = Arb.From(
        from seed in Gen.Choose(0, 100_000)
        from change in Gen.Choose(5, 60)
        from size in Gen.Elements(0.0, 0.3, 1, 5)
        from delta in Gen.Elements(0.002, 0.05, 0.3)
        from least in Gen.Choose(1, 8)
        from range in Gen.Elements<double?>(null, 1)
        select new Stream(seed, change, size, delta, least, range));

    private static bool HasCut(List<double> window, AdwinOptions options, double delta)
    {
        double mean = window.Average();
        double variance = window.Average(value => (value - mean) * (value - mean));
        return Enumerable.Range(0, window.Count).Any(cut =>
            cut >= options.MinimumLength && window.Count - cut >= options.MinimumLength
            && Math.Abs(window.Take(cut).Average() - window.Skip(cut).Average()) > Adwin.Bound(cut, window.Count - cut, variance, options.Range ?? Math.Sqrt(variance), delta));
    }

    private sealed record Stream(int Seed, int Change, double Size, double Delta, int Least, double? Range)
    {
        public double[] Values()
        {
            SeededRandom random = new(Seed);
            return [.. Enumerable.Range(0, 60).Select(i => random.NextSingle() + (i < Change ? 0 : Size))];
        }
    }
}
