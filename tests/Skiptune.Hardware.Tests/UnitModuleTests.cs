using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The small modules of arithmetic against the integer model, over corners and random vectors.</summary>
public sealed class UnitModuleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(16)]
    public void Softmax(int classes)
    {
        using RtlModule module = Modules.Open("softmax", ("CLASSES", classes), ("TAG", 16));
        SeededRandom random = new(classes);
        const int Count = 400;
        int[][] scores = [.. Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, classes).Select(c => i switch
        {
            0 => 0,
            1 => c == 0 ? (1 << 28) - 1 : -(1 << 28),
            2 => -(1 << 28),
            _ => random.NextInt32(1 << (1 + i % 20)) - (1 << (i % 20)),
        }).ToArray())];
        int[] labels = [.. Enumerable.Range(0, Count).Select(_ => random.NextInt32(classes))];
        const int Rate = 5243;
        module["i_rate"] = Rate;
        int seen = 0;
        for (int cycle = 0; cycle < Count + 60; cycle++)
        {
            bool valid = cycle < Count;
            module["i_valid"] = valid ? 1 : 0;
            if (valid)
            {
                module.Set("i_scores", scores[cycle]);
                module["i_label"] = labels[cycle];
                module["i_tag"] = cycle;
            }
            module.Step();
            if (module["o_valid"] != 1)
                continue;
            int i = (int)module["o_tag"];
            Assert.Equal(seen++, i);
            Assert.Equal(SoftmaxModel.Gradient([.. scores[i].Select(score => (long)score)], labels[i], Rate), module.GetSigned("o_gradient", classes));
        }
        Assert.Equal(Count, seen);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void Block_quantiser(int lanes)
    {
        using RtlModule module = Modules.Open("block_quantiser", ("LANES", lanes), ("TAG", 16));
        SeededRandom random = new(lanes);
        const int Count = 500;
        byte[][] words = [.. Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, lanes).Select(_ => i < 256 ? (byte)random.NextInt32(i + 1) : (byte)random.NextInt32(256)).ToArray())];
        int seen = 0;
        for (int cycle = 0; cycle < Count + 20; cycle++)
        {
            module["i_valid"] = cycle < Count ? 1 : 0;
            if (cycle < Count)
            {
                module.Set("i_values", [.. words[cycle].Select(value => (int)value)]);
                module["i_exponent"] = Exponent(cycle);
                module["i_tag"] = cycle;
            }
            module.Step();
            if (module["o_valid"] != 1)
                continue;
            int i = (int)module["o_tag"];
            CacheWord expected = BlockQuantizer.Quantize(words[i], Exponent(i));
            RtlPort word = module.Port("o_word");
            Assert.Equal(expected.Levels, Enumerable.Range(0, lanes).Select(lane => (byte)module.Outputs.Read(word.Offset + lane * Formats.LevelBits, Formats.LevelBits)));
            Assert.Equal(expected.Scale, module.Outputs.Read(word.Offset + lanes * Formats.LevelBits, Formats.ScaleBits));
            seen++;
        }
        Assert.Equal(Count, seen);
    }

    [Fact]
    public void Two_products_in_one_multiplier()
    {
        using RtlModule module = Modules.Open("dual_multiplier");
        foreach (int a in new[] { -128, -127, -1, 0, 1, 127 })
        {
            foreach (int b in new[] { -128, -127, -77, -1, 0, 1, 64, 127 })
            {
                for (int x = 0; x < 256; x++)
                {
                    module["i_a"] = a;
                    module["i_b"] = b;
                    module["i_x"] = x;
                    module.Step(2);
                    Assert.Equal((a * x, b * x), (module.Signed("o_a"), module.Signed("o_b")));
                }
            }
        }
    }

    // 2 .. 11 is what layers and gains come to.
    private static int Exponent(int i) => 2 + i % 10;
}
