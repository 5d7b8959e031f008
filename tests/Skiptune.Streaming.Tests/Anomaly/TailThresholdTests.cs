using Skiptune.Numerics;
using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streaming.Tests.Anomaly;

public sealed class TailThresholdTests
{
    // Streams whose true share above any value is known: the threshold has to leave about the share asked for.
    [Theory]
    [InlineData("exponential", 0.01)]
    [InlineData("exponential", 0.001)]
    [InlineData("square of a normal", 0.01)]
    [InlineData("square of a normal", 0.001)]
    [InlineData("uniform", 0.01)]
    [InlineData("heavy tail", 0.01)]
    public void The_share_asked_for_lies_above(string kind, double rate)
    {
        double above = 0;
        const int Streams = 200;
        for (int stream = 0; stream < Streams; stream++)
        {
            TailThreshold tail = new(512, rate);
            SeededRandom random = new(stream);
            for (int i = 0; i < 700; i++)
                tail.Add((float)Draw(kind, random));
            int hits = 0;
            for (int i = 0; i < 5000; i++)
                hits += Draw(kind, random) > tail.Value ? 1 : 0;
            above += hits / 5000.0 / Streams;
        }
        Assert.InRange(above, rate / 2, rate * 2.5);
    }

    [Fact]
    public void Only_the_last_scores_count()
    {
        TailThreshold tail = new(100, 0.01);
        TailThreshold fresh = new(100, 0.01);
        SeededRandom random = new(1);
        for (int i = 0; i < 250; i++)
            tail.Add(1000 * random.NextSingle());
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(float.PositiveInfinity, fresh.Value);
            float score = i % 7; // equal scores too
            tail.Add(score);
            fresh.Add(score);
        }
        Assert.Equal(fresh.Value, tail.Value);
        Assert.InRange(tail.Value, 6, 7);
    }

    [Fact]
    public void A_constant_is_no_anomaly()
    {
        TailThreshold tail = new(128, 0.001);
        for (int i = 0; i < 300; i++)
            tail.Add(0.25f);
        Assert.Equal(0.25f, tail.Value);
    }

    private static double Draw(string kind, SeededRandom random)
    {
        double u = 1 - ((random.NextUInt64() >> 11) * Math.Pow(2, -53));
        return kind switch
        {
            "exponential" => -Math.Log(u),
            "uniform" => u,
            "heavy tail" => Math.Pow(u, -0.25),
            _ => -2 * Math.Log(u) * Math.Pow(Math.Cos(2 * Math.PI * random.NextSingle()), 2),
        };
    }
}
