using FsCheck;
using FsCheck.Fluent;
using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

public class BlockFormatTests
{
    /// <summary>The smallest scale whose float16 rounding is relative: below it, float16 only steps by 2^-24.</summary>
    private const float SmallestFullScale = 6.1035156e-5f;

    private static readonly float[] Limits = [1e-3f, 0.1f, 1, 37, 1e4f];

    /// <summary>A block of 1 .. 64 values whose largest magnitude is of any usual order.</summary>
    private sealed record Block(BlockFormat Format, float[] Values)
    {
        public byte[] Packed { get; } = new byte[Format.PackedBytes(Values.Length)];

        public Half Quantize() => Numerics.Blocks.Quantize(KernelSet.Available[^1], Format, Values, Packed);

        public float[] Dequantize(Half scale)
        {
            float[] values = new float[Values.Length];
            KernelSet.Available[^1].DequantizeBlock(Format, Packed, scale, values);
            return values;
        }

        public override string ToString() => $"{Format} [{string.Join(", ", Values)}]";
    }

    private static Arbitrary<Block> Blocks => (
        from bits in Gen.Elements(2, 3, 4, 8)
        from signed in Gen.Elements(false, true)
        from length in Gen.Choose(1, BlockFormat.MaxValues)
        from limit in Gen.Elements(Limits)
        from thousandths in Gen.Choose(signed ? -1000 : 0, 1000).ArrayOf(length)
        select new Block(new BlockFormat(bits, signed), [.. thousandths.Select(t => t / 1000f * limit)])).ToArbitrary();

    [Fact]
    public void The_error_is_bounded() => ForAll(block =>
    {
        Half stored = block.Quantize();
        double scale = Math.Abs((float)stored);
        float[] back = block.Dequantize(stored);
        // A scale is off by at most 2^-11 of itself (float16), or by 2^-25 where float16 has no more bits; the block's
        // extreme, and with a sign its opposite, is so many scales large.
        double slack = Math.Max(scale / 2048, 1.0 / (1 << 25)) * (1 << block.Format.Bits);
        double bound = (block.Format.Signed ? scale : scale / 2) + (block.Format.Signed || scale < SmallestFullScale ? slack : scale * 1e-4);
        for (int i = 0; i < back.Length; i++)
            Assert.True(Math.Abs(block.Values[i] - back[i]) <= bound, $"{block.Values[i]} became {back[i]} at a scale of {stored}");
    });

    [Fact]
    public void Quantising_what_was_dequantised_changes_nothing() => ForAll(block =>
    {
        Half scale = block.Quantize();
        if (Math.Abs((float)scale) < SmallestFullScale)
            return;
        Block again = new(block.Format, block.Dequantize(scale));
        Assert.Equal(scale, again.Quantize());
        Assert.Equal(block.Packed, again.Packed);
    });

    [Fact]
    public void Packing_keeps_every_level() => ForAll(block =>
    {
        SeededRandom random = new(block.Values.Length);
        byte[] levels = [.. block.Values.Select(_ => (byte)random.NextInt32(block.Format.MaxLevel + 1))];
        block.Format.Pack(levels, block.Packed);
        for (int i = 0; i < levels.Length; i++)
            Assert.Equal(levels[i], block.Format.Unpack(block.Packed, i));
    });

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Zero_and_extreme_blocks(int bits)
    {
        foreach (KernelSet form in KernelSet.Available)
        {
            foreach (bool signed in new[] { false, true })
            {
                BlockFormat format = new(bits, signed);
                // +0 and -0 are both zero here: a signed block of zeros has the scale -0.
                Assert.All(RoundTrip(form, format, new float[50]), value => Assert.True(value == 0));
                // Values below what float16 can scale are lost, not blown up.
                Assert.All(RoundTrip(form, format, [1e-8f, 0, 1e-8f]), value => Assert.InRange(value, -2e-8f, 2e-8f));
                // Above what float16 can scale, the largest value becomes the largest that can be written.
                const float Large = 6e4f * 255;
                float top = signed ? 65504f * (1 << (bits - 1)) : 65504f * format.MaxLevel;
                Assert.Equal(Math.Min(Large, top), RoundTrip(form, format, [0, Large, 1])[1], Large / 1000);
                Assert.Equal(top, RoundTrip(form, format, [0, float.MaxValue, 1])[1]);
            }
            // What is negative has no place in an unsigned block.
            Assert.Equal([0, 1], RoundTrip(form, new BlockFormat(bits, Signed: false), [-1, 1]).Select(v => MathF.Round(v, 2)));
        }
    }

    [Fact]
    public void Of_two_opposite_extremes_the_positive_one_is_kept()
    {
        float[] back = RoundTrip(Forms.Scalar, new BlockFormat(4, Signed: true), [-8, 8]);
        Assert.Equal([-7, 8], back);
    }

    // The layout is a file format: were it to change, caches written before could not be read.
    [Fact]
    public void The_bits_lie_where_the_format_says()
    {
        byte[] levels = [.. Enumerable.Range(0, 33).Select(i => (byte)(i % 8))];
        byte[] packed = new byte[24];
        new BlockFormat(3, Signed: false).Pack(levels, packed);
        // Low bits, eight to a byte's four pairs: byte j holds j, j+8, j+16, j+24, all of the same level here.
        Assert.Equal([0x00, 0x55, 0xAA, 0xFF, 0x00, 0x55, 0xAA, 0xFF], packed[..8]);
        // High bits: byte j holds j, j+4, .. and every second of them is 4 or more.
        Assert.Equal([0xAA, 0xAA, 0xAA, 0xAA], packed[8..12]);
        Assert.All(packed[12..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_row_of_the_reference_network_has_912_bytes_of_levels_and_30_scales()
    {
        BlockFormat format = new(4, Signed: false);
        int bytes = 0;
        int scales = 0;
        foreach (int tap in new[] { 1176, 400, 120, 84 })
        {
            for (int at = 0; at < tap; at += BlockFormat.MaxValues)
            {
                bytes += format.PackedBytes(Math.Min(BlockFormat.MaxValues, tap - at));
                scales++;
            }
        }
        Assert.Equal((912, 30), (bytes, scales));
    }

    private static void ForAll(Action<Block> property) =>
        Prop.ForAll(Blocks, property).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static float[] RoundTrip(KernelSet form, BlockFormat format, float[] values)
    {
        byte[] packed = new byte[format.PackedBytes(values.Length)];
        Half scale = Numerics.Blocks.Quantize(form, format, values, packed);
        float[] back = new float[values.Length];
        form.DequantizeBlock(format, packed, scale, back);
        return back;
    }
}
