using FsCheck;
using FsCheck.Fluent;
using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

public sealed class KswinTests
{
    [Fact]
    public void The_distance_is_the_definition() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Pairs, pair =>
    {
        (double[] left, double[] right) = pair;
        double most = left.Concat(right).Max(x => Math.Abs((double)left.Count(value => value <= x) / left.Length - (double)right.Count(value => value <= x) / right.Length));
        Assert.Equal(most, Kswin.Distance([.. left.Order()], [.. right.Order()]), 1e-12);
        return true;
    }));

    [Fact]
    public void The_bound_is_that_of_tables()
    {
        // 1.358 sqrt(2 / n) at 5 %, 1.628 sqrt(2 / n) at 1 %.
        Assert.Equal(1.358 * Math.Sqrt(2 / 50.0), Kswin.Bound(50, 50, 0.05), 2e-4);
        Assert.Equal(1.628 * Math.Sqrt(2 / 50.0), Kswin.Bound(50, 50, 0.01), 2e-4);
    }

    [Fact]
    public void It_compares_the_newest_with_those_before()
    {
        KswinOptions options = new() { Window = 50, Recent = 12, Alpha = 0.001, WarningAlpha = 0.02 };
        Kswin detector = new(options);
        SeededRandom random = new(5);
        List<double> all = [];
        int[] seen = new int[3];
        for (int i = 0; i < 3000; i++)
        {
            double value = Math.Floor(20 * random.NextSingle()) + (i / 500 % 2 * 14); // ties, and a change now and then
            all.Add(value);
            DriftStatus status = detector.Update(new DriftInput(value));
            DriftStatus expected = DriftStatus.Stable;
            if (all.Count >= 24)
            {
                double[] older = [.. all.SkipLast(12).TakeLast(38).Order()];
                double distance = Kswin.Distance(older, [.. all[^12..].Order()]);
                expected = distance > Kswin.Bound(older.Length, 12, 0.001) ? DriftStatus.Drift : distance > Kswin.Bound(older.Length, 12, 0.02) ? DriftStatus.Warning : DriftStatus.Stable;
            }
            if (expected == DriftStatus.Drift)
                all.RemoveRange(0, all.Count - 12);
            Assert.Equal(expected, status);
            seen[(int)status]++;
        }
        Assert.All(seen, count => Assert.True(count > 2));
    }

    [Fact]
    public void A_change_of_spread_alone_is_found()
    {
        Kswin detector = new(new KswinOptions());
        SeededRandom random = new(6);
        for (int i = 0; i < 1000; i++)
            Assert.NotEqual(DriftStatus.Drift, detector.Update(new DriftInput(random.NextSingle() - 0.5)));
        int delay = 1;
        while (delay < 500 && detector.Update(new DriftInput(4 * (random.NextSingle() - 0.5))) != DriftStatus.Drift)
            delay++;
        Assert.InRange(delay, 1, 150);
    }

    private static Arbitrary<(double[] Left, double[] Right)> Pairs { get; } = Arb.From(
        from left in Gen.Choose(-9, 9).ArrayOf()
        from right in Gen.Choose(-9, 9).ArrayOf()
        where left.Length > 0 && right.Length > 0
        select (Array.ConvertAll(left, x => (double)x), Array.ConvertAll(right, x => (double)x)));
}
