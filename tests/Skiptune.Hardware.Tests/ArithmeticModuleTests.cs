using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>Sums, products and roundings alone.</summary>
public sealed class ArithmeticModuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(16)]
    public void Trees_add_and_choose_the_largest(int count)
    {
        const int Width = 9;
        using RtlModule sums = Modules.Open("adder_tree", ("N", count), ("WIDTH", Width));
        using RtlModule most = Modules.Open("max_tree", ("N", count), ("WIDTH", Width));
        SeededRandom random = new(count);
        int[][] signed = [.. Enumerable.Range(0, 200).Select(i => Row(() => (int)Vectors.Signed(random, Width, Vectors.KindOf(i))))];
        int[][] unsigned = [.. Enumerable.Range(0, 200).Select(i => Row(() => Vectors.Unsigned(random, Width, Vectors.KindOf(i))))];
        // A tree of one is a wire.
        int latency = int.Log2(2 * count - 1);
        Pipe(sums, "i_terms", signed, latency, i => Assert.Equal(signed[i].Sum(), sums.Signed("o_sum")));
        Pipe(most, "i_values", unsigned, latency, i => Assert.Equal(unsigned[i].Max(), most["o_max"]));

        int[] Row(Func<int> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
    }

    [Theory]
    [InlineData(40, 8, 16)]
    [InlineData(20, 4, 18)]
    public void Saturate(int width, int drop, int bits)
    {
        using RtlModule module = Modules.Open("saturate", ("WIDTH", width), ("DROP", drop), ("OUT", bits));
        SeededRandom random = new(width);
        long half = 1L << (drop - 1);
        long edge = (1L << (bits - 1 + drop)) - half;
        long[] values = [0, half, half - 1, -half, -half - 1, edge, edge - 1, -edge, -edge - 2 * half, -edge - 2 * half - 1, .. Enumerable.Range(0, 300).Select(i => Vectors.Signed(random, width, Vectors.KindOf(i)))];
        values = [.. values.Select(value => Math.Clamp(value, -(1L << (width - 1)), (1L << (width - 1)) - 1))];
        Modules.Pipe(module, values.Length, 1, i => module["i_value"] = values[Math.Min(i, values.Length - 1)],
            i => Assert.Equal(FixedPoint.Saturate(FixedPoint.Round(values[i], drop), bits), module.Signed("o_value")));
    }

    [Theory]
    [InlineData(17)]
    [InlineData(21)]
    public void Reciprocal(int width)
    {
        using RtlModule module = Modules.Open("reciprocal", ("WIDTH", width));
        SeededRandom random = new(width);
        const int Least = (1 << 15) + 1;
        int most = (1 << width) - 1;
        int[] divisors = [Least, 65534, 65535, 65536, 65537, most, .. Enumerable.Range(0, 1000).Select(_ => Least + random.NextInt32(most - Least))];
        Modules.Pipe(module, divisors.Length, 9, i => module["i_divisor"] = divisors[Math.Min(i, divisors.Length - 1)],
            i => Assert.Equal(SoftmaxModel.Reciprocal(divisors[i]), module["o_quotient"]));
    }

    private static void Pipe(RtlModule module, string port, int[][] rows, int latency, Action<int> check)
    {
        if (latency > 0)
        {
            Modules.Pipe(module, rows.Length, latency, i => module.Set(port, rows[Math.Min(i, rows.Length - 1)]), check);
            return;
        }
        for (int i = 0; i < rows.Length; i++)
        {
            module.Set(port, rows[i]);
            module.Settle();
            check(i);
        }
    }
}
