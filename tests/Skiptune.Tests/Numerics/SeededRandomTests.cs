using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

public class SeededRandomTests
{
    // Computed from the authors' definitions of SplitMix64 and xoshiro256**: a seed means the same in every version.
    [Fact]
    public void Seed_42_begins_as_ever()
    {
        SeededRandom random = new(42);
        ulong[] first = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];
        Assert.Equal([0x19E479E2AAA77BFB, 0x5E3EFE753BE27527, 0xC3ED7125B780200A, 0x85B911E2152F876E], first);
        SeededRandom stream = new(42, 1);
        Assert.Equal(0xFD6D2910349F06DFUL, stream.NextUInt64());
    }

    [Fact]
    public void Streams_and_seeds_differ()
    {
        HashSet<ulong> seen = [];
        for (int seed = -2; seed <= 2; seed++)
        {
            for (int stream = 0; stream < 50; stream++)
            {
                SeededRandom random = new(seed, stream);
                for (int i = 0; i < 50; i++)
                    Assert.True(seen.Add(random.NextUInt64()), $"seed {seed}, stream {stream} repeats a value of another");
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Whole_numbers_are_uniform(int bound)
    {
        const int Each = 1000;
        int[] counts = new int[bound];
        SeededRandom random = new(1);
        for (int i = 0; i < Each * bound; i++)
            counts[random.NextInt32(bound)]++;
        double chiSquare = counts.Sum(count => Math.Pow(count - Each, 2) / Each);
        // Six standard deviations above the mean of bound - 1; too even would be as wrong for the largest bound.
        Assert.InRange(chiSquare, bound < 100 ? 0 : 20, bound - 1 + 6 * Math.Sqrt(2 * bound));
    }

    [Fact]
    public void Fractions_are_uniform_in_their_range()
    {
        SeededRandom random = new(2);
        float[] values = new float[50_000];
        random.FillUniform(values, 3);
        Assert.All(values, value => Assert.True(value is >= -3 and < 3));
        Assert.InRange(values.Average(), -0.05, 0.05);
        Assert.InRange(values.Average(value => value * value), 2.9, 3.1);
    }

    [Fact]
    public void Shuffling_reorders_and_loses_nothing()
    {
        int[] items = [.. Enumerable.Range(0, 1000)];
        new SeededRandom(3).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 1000), items);
        Assert.Equal(Enumerable.Range(0, 1000), items.Order());
    }

    [Fact]
    public void Every_order_of_three_is_as_likely()
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        SeededRandom random = new(4);
        for (int i = 0; i < 6000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            string order = new(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void A_bound_of_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(0).NextInt32(0));
}
