using Skiptune.Numerics;
using Skiptune.Streaming.Drift;

namespace Skiptune.Streaming.Tests.Drift;

public sealed class CentroidTests
{
    [Fact]
    public void The_distance_is_what_it_says_by_hand()
    {
        // One class, one feature: the reference 0, 2, 0, 2 has mean 1 and deviation 1; two samples of mean 3 lie 2 deviations away,
        // where chance has sqrt(2 / pi) sqrt(1 / 2 + 1 / 4).
        ClassCentroids reference = Of((0, 0), (2, 0), (0, 0), (2, 0));
        ClassCentroids recent = Of((2.5f, 0), (3.5f, 0));
        Assert.Equal(2 / Math.Sqrt(2 / Math.PI * 0.75), reference.Distance(recent), 1e-6);

        // A second class with mean 5 and the same spread, and one sample of it without a change: its share of three is 0.
        ClassCentroids two = Of((0, 0), (2, 0), (0, 0), (2, 0), (4, 1), (6, 1), (4, 1), (6, 1));
        Assert.Equal(2 / Math.Sqrt(2 / Math.PI * 0.75) * 2 / 3, two.Distance(Of((2.5f, 0), (3.5f, 0), (5, 1))), 1e-6);

        static ClassCentroids Of(params (float X, int Class)[] samples)
        {
            ClassCentroids centroids = new(2, 1);
            foreach ((float x, int label) in samples)
                centroids.Add([x], label);
            return centroids;
        }
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 40)]
    [InlineData(6, 200)]
    public void Without_a_change_the_distance_is_1(int classes, int window)
    {
        double sum = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            SeededRandom random = new(seed);
            ClassCentroids reference = new(classes, 8);
            ClassCentroids recent = new(classes, 8);
            float[] x = new float[8];
            for (int i = 0; i < 300 + window; i++)
            {
                random.FillUniform(x, 1 + (i % 2));
                int label = random.NextInt32(classes);
                x[0] += 10 * label;
                (i < 300 ? reference : recent).Add(x, label);
            }
            sum += reference.Distance(recent) / 100;
        }
        Assert.InRange(sum, 0.93, 1.07);
    }

    [Fact]
    public void No_window_is_opened_without_a_high_score()
    {
        CentroidOptions options = new() { Features = 1, Reference = 50, Window = 10, CalibrationWindows = 4, ErrorSigmas = 3 };
        Assert.False(Finds(options, score: 0));
        Assert.True(Finds(options, score: 100));
        Assert.True(Finds(options with { ErrorSigmas = null }, score: 0));

        static bool Finds(CentroidOptions options, double score)
        {
            Centroid detector = new(options);
            SeededRandom random = new(2);
            for (int i = 0; i < 200; i++)
                detector.Update(new DriftInput(0.01 * random.NextSingle(), [random.NextSingle()]));
            return Enumerable.Range(0, 100).Any(_ => detector.Update(new DriftInput(score, [5 + random.NextSingle()])) == DriftStatus.Drift);
        }
    }

    [Fact]
    public void Samples_of_another_kind_are_refused()
    {
        Centroid detector = new(new CentroidOptions { Features = 2, Classes = 2 });
        Assert.Throws<ArgumentException>(() => detector.Update(new DriftInput(0, [1])));
        Assert.Throws<ArgumentException>(() => detector.Update(new DriftInput(0, [1, float.NaN])));
        Assert.Throws<ArgumentException>(() => detector.Update(new DriftInput(0, [1, 2], 2)));
        Assert.Throws<ArgumentException>(() => detector.Update(new DriftInput(0, [1, 2], -1)));
    }
}
