using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

/// <summary>What every detector has to do.</summary>
public sealed class DetectorTests
{
    public static TheoryData<string> Names => Detectors.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_large_change_is_found_once_and_nothing_before(string name)
    {
        int early = 0;
        List<int> delays = [];
        for (int seed = 0; seed < 20; seed++)
        {
            IDriftDetector detector = Detectors.New(name);
            SeededRandom random = new(seed);
            for (int i = 0; i < 1000; i++)
                early += Detectors.Next(detector, random, shifted: false) == DriftStatus.Drift ? 1 : 0;
            int delay = 1;
            while (delay < 1000 && Detectors.Next(detector, random, shifted: true) != DriftStatus.Drift)
                delay++;
            delays.Add(delay);
        }
        Assert.InRange(early, 0, 1);
        Assert.InRange(delays.Max(), 1, 300);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_constant_is_no_drift(string name)
    {
        IDriftDetector detector = Detectors.New(name);
        for (int i = 0; i < 5000; i++)
            Assert.Equal(DriftStatus.Stable, detector.Update(new DriftInput(0.25, [1, 2, 3, 4])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_that_are_no_numbers_are_refused_and_change_nothing(string name)
    {
        IDriftDetector detector = Detectors.New(name);
        detector.Update(new DriftInput(0.5, [1, 2, 3, 4]));
        byte[] before = States.Bytes(detector);
        foreach (double value in new[] { double.NaN, double.PositiveInfinity, -1e300 })
            Assert.Throws<ArgumentException>(() => detector.Update(new DriftInput(value, [1, 2, 3, 4])));
        Assert.Equal(before, States.Bytes(detector));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_goes_on_bit_for_bit(string name)
    {
        IDriftDetector trained = Detectors.New(name);
        SeededRandom random = new(11);
        for (int i = 0; i < 777; i++)
            Detectors.Next(trained, random, shifted: false);
        States.AssertResumable(trained, Detectors.New(name), Detectors.New(name, other: true), detector =>
        {
            SeededRandom rest = new(12);
            for (int i = 0; i < 130; i++)
                Detectors.Next(detector, rest, shifted: true);
        });
        trained.Reset();
        Assert.Equal(States.Bytes(Detectors.New(name)), States.Bytes(trained));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        CentroidOptions centroid = new() { Features = 1 };
        Func<IDriftDetector>[] wrong =
        [
            () => new Adwin(new AdwinOptions { Delta = 0 }), () => new Adwin(new AdwinOptions { WarningDelta = 0.001 }), () => new Adwin(new AdwinOptions { Clock = 0 }),
            () => new Adwin(new AdwinOptions { Range = double.NaN }), () => new Adwin(new AdwinOptions { Buckets = 1 }),
            () => new PageHinkley(new PageHinkleyOptions { Threshold = double.NaN }), () => new PageHinkley(new PageHinkleyOptions { WarningShare = 2 }),
            () => new Kswin(new KswinOptions { Recent = 995 }), () => new Kswin(new KswinOptions { Alpha = 0.01 }),
            () => new Ddm(new DdmOptions { WarningSigmas = 5 }), () => new Ddm(new DdmOptions { MinimumSamples = 1 }),
            () => new Centroid(centroid with { Features = 0 }), () => new Centroid(centroid with { Classes = 0 }), () => new Centroid(centroid with { ErrorSigmas = -1 }),
        ];
        Assert.All(wrong, create => Assert.Throws<ArgumentOutOfRangeException>(create));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_allocated(string name)
    {
        IDriftDetector detector = Detectors.New(name);
        SeededRandom random = new(11);
        int calls = 0;
        States.AssertAllocatesNothing(() => Detectors.Next(detector, random, shifted: ++calls > 600));
    }
}
