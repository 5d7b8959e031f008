using Skiptune.Data;

namespace Skiptune.Tests.Data;

public sealed class ResamplerTests
{
    private static float[] Sine(int rate, double frequency, int count) =>
        [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin(2 * Math.PI * frequency * i / rate))];

    private static float[] Run(int from, int to, float[] sound)
    {
        Resampler resampler = new(from, to);
        float[] result = new float[resampler.LengthOf(sound.Length)];
        resampler.Apply(sound, result);
        return result;
    }

    // Away from the ends, where the filter sees silence.
    private static ReadOnlySpan<float> Middle(float[] values) => values.AsSpan(values.Length / 4, values.Length / 2);

    private static double Level(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += (double)value * value;
        return 10 * Math.Log10(sum / values.Length / 0.5);
    }

    [Theory]
    [InlineData(8000, 16_000, 1000)]
    [InlineData(8000, 16_000, 3500)]
    [InlineData(44_100, 16_000, 7000)]
    [InlineData(48_000, 16_000, 50)]
    [InlineData(11_025, 16_000, 4900)]
    [InlineData(16_001, 15_999, 3000)]
    [InlineData(16_000, 16_000, 3000)]
    public void A_sine_stays_a_sine(int from, int to, double frequency)
    {
        float[] result = Run(from, to, Sine(from, frequency, from));
        float[] wanted = Sine(to, frequency, result.Length);
        Assert.InRange(result.Length, to - 1, to + 1);
        for (int i = result.Length / 4; i < 3 * result.Length / 4; i++)
            Assert.Equal(wanted[i], result[i], 1e-3f);
    }

    [Theory]
    [InlineData(16_000, 8000, 4000)]
    [InlineData(16_000, 8000, 5500)]
    [InlineData(44_100, 16_000, 8100)]
    [InlineData(44_100, 16_000, 20_000)]
    [InlineData(48_000, 44_099, 23_000)]
    public void What_the_new_rate_cannot_hold_is_gone(int from, int to, double frequency) =>
        Assert.InRange(Level(Middle(Run(from, to, Sine(from, frequency, from)))), double.NegativeInfinity, -90);

    [Fact]
    public void Images_above_the_old_rate_do_not_appear()
    {
        // 1 kHz at 8 kHz has images at 7 and 9 kHz: what is left without the sine itself is small.
        float[] result = Run(8000, 32_000, Sine(8000, 1000, 8000));
        float[] wanted = Sine(32_000, 1000, result.Length);
        Assert.InRange(Level(Middle([.. result.Zip(wanted, (a, b) => a - b)])), double.NegativeInfinity, -90);
    }

    [Fact]
    public void A_constant_keeps_its_value_and_its_length()
    {
        float[] ones = new float[3000];
        Array.Fill(ones, 1f);
        float[] result = Run(8000, 22_050, ones);
        Assert.Equal((3000 * 441 + 159) / 160, result.Length);
        Assert.All(Middle(result).ToArray(), value => Assert.Equal(1, value, 1e-6f));
    }

    [Fact]
    public void A_part_of_the_result_needs_a_part_of_the_sound_only()
    {
        float[] sound = Sine(44_100, 300, 5000);
        Resampler resampler = new(44_100, 16_000);
        (float[] whole, float[] part) = (new float[1000], new float[1000]);
        resampler.Apply(sound, whole);
        resampler.Apply(sound.AsSpan(0, (int)resampler.NeededFor(1000)), part);
        Assert.Equal(whole, part);
        float[] longer = new float[4000];
        resampler.Apply(sound, longer);
        Assert.All(longer[1815..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(44_100, 16_000)]
    [InlineData(8000, 16_000)]
    [InlineData(16_000, 16_000)]
    [InlineData(12_345, 11_111)]
    public void The_result_from_a_value_on_is_the_whole_ones(int from, int to)
    {
        float[] sound = Sine(from, 300, 40_000);
        Resampler resampler = new(from, to);
        float[] whole = new float[resampler.LengthOf(sound.Length)];
        resampler.Apply(sound, whole);
        foreach (int first in (int[])[0, 1, 77, 1000, 9999, whole.Length - 5])
        {
            (long source, long result) = resampler.StartFor(first);
            float[] part = new float[10];
            resampler.Apply(sound.AsSpan((int)source..(int)Math.Min(sound.Length, source + resampler.NeededFor(first - result + 10))), part, first - result);
            Assert.Equal(whole.Concat(new float[10]).Skip(first).Take(10), part);
        }
    }

    [Theory]
    [InlineData(0, 8000)]
    [InlineData(8000, -1)]
    [InlineData(8000, 1_000_001)]
    [InlineData(8000, 257_000)]
    [InlineData(257_000, 8000)]
    public void Impossible_rates_are_refused(int from, int to) =>
        Assert.Contains("cannot be brought", Assert.Throws<SkiptuneException>(() => new Resampler(from, to)).Message, StringComparison.Ordinal);
}
