using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

/// <summary>Page-Hinkley and DDM against sums done by hand, or by the definition.</summary>
public sealed class SequentialTestTests
{
    [Fact]
    public void Page_Hinkley_adds_up_by_hand()
    {
        // Four values of mean 0 and deviation 1, then ones: each counts (1 - mean) / deviation - 0.25.
        PageHinkley detector = new(new PageHinkleyOptions { MinimumSamples = 4, Delta = 0.25, Threshold = 1.5, WarningShare = 0.5 });
        foreach (double value in new[] { 1.0, -1, 1, -1 })
            Assert.Equal(DriftStatus.Stable, detector.Update(new DriftInput(value)));
        Assert.Equal(DriftStatus.Stable, detector.Update(new DriftInput(1)));    // 0.75
        // Now the mean is 0.2, the deviation sqrt(0.96): (1 - 0.2) / 0.9798 - 0.25 = 0.5665, in all 1.3165.
        Assert.Equal(DriftStatus.Warning, detector.Update(new DriftInput(1)));
        // The mean is 1/3, the deviation sqrt(8)/3: 0.7071 - 0.25, in all 1.7736.
        Assert.Equal(DriftStatus.Drift, detector.Update(new DriftInput(1)));
        Assert.Equal(DriftStatus.Stable, detector.Update(new DriftInput(100))); // anew
    }

    [Fact]
    public void Page_Hinkley_finds_falls_as_rises_in_any_unit()
    {
        int[] delays = [.. new[] { 1, -1, 1e-6, -1e6 }.Select(scale =>
        {
            PageHinkley detector = new(new PageHinkleyOptions());
            SeededRandom random = new(8);
            for (int i = 0; i < 500; i++)
                Assert.NotEqual(DriftStatus.Drift, detector.Update(new DriftInput(scale * random.NextSingle())));
            int delay = 1;
            while (detector.Update(new DriftInput(scale * (random.NextSingle() + 0.5))) != DriftStatus.Drift)
                delay++;
            return delay;
        })];
        Assert.Single(delays.Distinct());
        Assert.InRange(delays[0], 10, 60);
    }

    [Fact]
    public void Ddm_is_the_definition()
    {
        DdmOptions options = new() { MinimumSamples = 30, WarningSigmas = 2, DriftSigmas = 3 };
        Ddm detector = new(options);
        SeededRandom random = new(4);
        List<double> errors = [];
        double lowest = double.PositiveInfinity;
        (double rate, double deviation) best = default;
        int[] seen = new int[3];
        for (int i = 0; i < 20_000; i++)
        {
            double error = random.NextSingle() < (i / 1000 % 2 == 0 ? 0.1 : 0.25) ? 1 : 0;
            errors.Add(error);
            double n = errors.Count;
            double p = (errors.Sum() + 0.5) / (n + 1);
            double s = Math.Sqrt(p * (1 - p) / (n + 1));
            DriftStatus expected = DriftStatus.Stable;
            if (n >= 30)
            {
                if (p + s < lowest)
                    (lowest, best) = (p + s, (p, s));
                expected = p + s > best.rate + 3 * best.deviation ? DriftStatus.Drift : p + s > best.rate + 2 * best.deviation ? DriftStatus.Warning : DriftStatus.Stable;
            }
            if (expected == DriftStatus.Drift)
            {
                errors.Clear();
                lowest = double.PositiveInfinity;
            }
            DriftStatus status = detector.Update(new DriftInput(error));
            Assert.Equal(expected, status);
            seen[(int)status]++;
        }
        Assert.All(seen, count => Assert.True(count > 5));
    }

    [Fact]
    public void Ddm_takes_errors_alone() => Assert.Throws<ArgumentException>(() => new Ddm(new DdmOptions()).Update(new DriftInput(1.5)));
}
