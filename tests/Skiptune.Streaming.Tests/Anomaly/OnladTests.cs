using Skiptune.Numerics;
using Skiptune.Streaming.Anomaly;

namespace Skiptune.Streaming.Tests.Anomaly;

public sealed class OnladTests
{
    private static readonly OnladOptions s_options = new() { Features = 12 };

    [Fact]
    public void What_breaks_the_pattern_scores_above_the_threshold()
    {
        Onlad detector = new(s_options);
        Waves normal = new(seed: 1, pattern: 0);
        Assert.Equal(float.PositiveInfinity, detector.Threshold);
        for (int i = 0; i < 2000; i++)
            detector.Learn(normal.Next());
        int alarms = 0;
        int found = 0;
        for (int i = 0; i < 2000; i++)
        {
            float[] x = normal.Next();
            alarms += detector.IsAnomaly(detector.Score(x)) ? 1 : 0;
            x[i % 12] += i % 2 == 0 ? 1.5f : -1.5f; // within the range of the feature, out of tune with the others
            found += detector.IsAnomaly(detector.Score(x)) ? 1 : 0;
        }
        Assert.InRange(alarms, 0, 12);
        Assert.InRange(found, 1900, 2000);
    }

    [Fact]
    public void A_new_pattern_becomes_an_instance_and_the_old_one_stays_known()
    {
        Onlad several = new(s_options with { Instances = 3 });
        Waves first = new(seed: 1, pattern: 0);
        Waves second = new(seed: 2, pattern: 1);
        for (int i = 0; i < 1000; i++)
            several.Learn(first.Next());
        Assert.Equal(1, several.Patterns);
        for (int i = 0; i < 1000; i++)
            several.Learn(second.Next());
        Assert.Equal(2, several.Patterns);
        Assert.InRange(Alarms(several, first), 0, 30);
        Assert.InRange(Alarms(several, second), 0, 30);

        static int Alarms(Onlad detector, Waves waves) => Enumerable.Range(0, 500).Count(_ => detector.IsAnomaly(detector.Score(waves.Next())));
    }

    [Fact]
    public void Single_outliers_open_no_instance_and_teach_nothing()
    {
        Onlad spoilt = new(s_options with { Instances = 2 });
        Onlad clean = new(s_options with { Instances = 2 });
        Waves normal = new(seed: 1, pattern: 0);
        float[] outlier = [.. Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? 3f : -3f)];
        for (int i = 0; i < 1500; i++)
        {
            float[] x = normal.Next();
            spoilt.Learn(x);
            clean.Learn(x);
            if (i > 500 && i % 100 == 0)
                spoilt.Learn(outlier);
        }
        Assert.Equal(1, spoilt.Patterns);
        Assert.True(spoilt.IsAnomaly(spoilt.Score(outlier)));
        float[] probe = normal.Next();
        Assert.Equal(clean.Score(probe), spoilt.Score(probe), 0.2f * clean.Threshold);
    }

    [Fact]
    public void Learn_returns_the_score_before()
    {
        Onlad detector = new(s_options with { Scale = InputScale.LogStandardize, Instances = 2 });
        Waves normal = new(seed: 1, pattern: 0);
        for (int i = 0; i < 300; i++)
        {
            float[] x = normal.Next();
            Assert.Equal(detector.Score(x), detector.Learn(x));
        }
    }

    [Fact]
    public void A_stuck_sensor_and_its_return_stay_finite()
    {
        Onlad detector = new(s_options);
        Waves normal = new(seed: 1, pattern: 0);
        for (int i = 0; i < 20_000; i++)
        {
            float score = detector.Learn(i is > 1000 and < 18_000 ? new float[12] : normal.Next());
            Assert.True(float.IsFinite(score) && score >= 0);
        }
        Assert.InRange(detector.Score(normal.Next()), 0, 3);
        Assert.True(float.IsFinite(detector.Threshold));
    }

    [Fact]
    public void State_goes_on_bit_for_bit()
    {
        OnladOptions options = s_options with { Instances = 3 };
        Onlad trained = new(options);
        Waves first = new(seed: 1, pattern: 0);
        Waves second = new(seed: 2, pattern: 1);
        for (int i = 0; i < 700; i++)
            trained.Learn(first.Next());
        for (int i = 0; i < 7; i++)
            trained.Learn(second.Next()); // on the way to a pattern
        float[][] rest = [.. Enumerable.Range(0, 40).Select(_ => second.Next())];
        States.AssertResumable(trained, new Onlad(options), new Onlad(s_options), detector => Array.ForEach(rest, x => detector.Learn(x)));
        Assert.Equal(2, trained.Patterns);
        trained.Reset();
        Assert.Equal(States.Bytes(new Onlad(options)), States.Bytes(trained));
    }

    [Theory]
    [InlineData(InputScale.None)]
    [InlineData(InputScale.Standardize)]
    [InlineData(InputScale.LogStandardize)]
    public void Nothing_is_allocated(InputScale scale)
    {
        Onlad detector = new(s_options with { Scale = scale, Instances = 2 });
        float[] x = new Waves(seed: 1, pattern: 0).Next();
        States.AssertAllocatesNothing(() => detector.IsAnomaly(detector.Learn(x)));
    }

    [Fact]
    public void Values_that_are_no_numbers_teach_nothing()
    {
        Onlad detector = new(s_options);
        detector.Learn(new float[12]);
        byte[] before = States.Bytes(detector);
        Assert.Throws<ArgumentException>(() => detector.Learn([float.NaN, .. new float[11]]));
        Assert.Throws<ArgumentException>(() => detector.Score(new float[11]));
        Assert.Equal(before, States.Bytes(detector));
    }

    [Fact]
    public void The_largest_values_stay_finite()
    {
        foreach (InputScale scale in Enum.GetValues<InputScale>())
        {
            Onlad detector = new(s_options with { Scale = scale, Forgetting = 0.9f });
            SeededRandom random = new(6);
            float[] x = new float[12];
            for (int i = 0; i < 2000; i++)
            {
                random.FillUniform(x, MathF.Pow(10, random.NextInt32(25) - 12));
                Assert.True(float.IsFinite(detector.Learn(x)));
            }
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        OnladOptions[] wrong =
        [
            s_options with { Features = 0 }, s_options with { Hidden = -1 }, s_options with { Ridge = 0 }, s_options with { Forgetting = 1.1f },
            s_options with { Instances = 0 }, s_options with { LogFloor = 0 }, s_options with { FalseAlarmRate = double.NaN }, s_options with { Window = 99 }, s_options with { Patience = 1 },
        ];
        Assert.All(wrong, options => Assert.Throws<ArgumentOutOfRangeException>(() => new Onlad(options)));
        Assert.Equal(9, new Onlad(s_options).Options.Hidden);
    }

    /// <summary>Twelve sensors of one movement: two hidden numbers, mixed, and noise.</summary>
    private sealed class Waves(int seed, int pattern)
    {
        private readonly SeededRandom _random = new(seed);

        public float[] Next()
        {
            (float a, float b) = (2 * _random.NextSingle() - 1, 2 * _random.NextSingle() - 1);
            return [.. Enumerable.Range(0, 12).Select(i => (2 * a * MathF.Cos(i + 5 * pattern)) + (2 * b * MathF.Sin((pattern + 1) * i)) + (3 * pattern * (i % 3)) + (0.1f * _random.NextSingle()))];
        }
    }
}
