using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

public class ForwardCacheTests
{
    [Theory]
    [InlineData("float32", 7160)] // 1790 values
    [InlineData("float16", 3600)] // 1780 halves and 10 logits in float32
    [InlineData("int8", 1924)] // 1824 levels, 30 scales, 10 logits
    [InlineData("int4", 1012)]
    [InlineData("int3", 784)]
    [InlineData("int2", 556)]
    public void A_row_of_the_reference_CNN_takes_the_stated_bytes(string format, int bytes)
    {
        using FineTuner tuner = new(ReferenceCnn.Create(1), "base", new FineTuneOptions { Cache = CacheFormat.Parse(format) });
        Assert.Equal(bytes, tuner.Plan.CacheBytesPerSample);
        Assert.Equal(["dense3/base", "pool1", "flatten", "relu3", "relu4"], tuner.Plan.Taps.Select(tap => tap.Name));
    }

    [Fact]
    public void Taps_behind_a_ReLU_are_unsigned_and_the_base_logits_exact()
    {
        using FineTuner tuner = new(ReferenceCnn.Create(1), "base", new FineTuneOptions());
        Assert.Equal("float32", tuner.Plan.Taps[0].Encoding);
        Assert.All(tuner.Plan.Taps.Skip(1), tap => Assert.Equal("unsigned 4 bit", tap.Encoding));
        using FineTuner branched = new(SmallNetworks.Branched(), "base", new FineTuneOptions());
        Assert.Equal("signed 4 bit", branched.Plan.Taps.Single(tap => tap.Name == "f").Encoding);
    }

    [Fact]
    public void Methods_without_a_frozen_part_cache_nothing()
    {
        foreach (FineTuneMethod method in (FineTuneMethod[])[FineTuneMethod.FtAll, FineTuneMethod.FtBias, FineTuneMethod.FtAllLora])
        {
            using FineTuner tuner = new(ReferenceCnn.Create(1), "base", new FineTuneOptions { Method = method, Cache = CacheFormat.Int4 });
            Assert.Equal("none", tuner.Plan.Cache);
            Assert.Equal(0, tuner.Plan.CacheBytesPerSample);
        }
        // Of lora-all only the first layer's own output never changes.
        using FineTuner lora = new(ReferenceCnn.Create(1), "base", new FineTuneOptions { Method = FineTuneMethod.LoraAll, Cache = CacheFormat.Float32 });
        Assert.Equal(["conv1/base"], lora.Plan.Taps.Select(tap => tap.Name));
        using FineTuner last = new(ReferenceCnn.Create(1), "base", new FineTuneOptions { Method = FineTuneMethod.FtLast, Cache = CacheFormat.Float32 });
        Assert.Equal(84 * 4, last.Plan.CacheBytesPerSample);
    }

    [Fact]
    public void A_value_that_is_not_finite_is_refused_by_name()
    {
        Graph graph = ReferenceCnn.Create(1);
        Tensor weight = graph.Constants["conv1.weight"].Clone();
        weight.Span.Fill(1e38f);
        using FineTuner tuner = new(graph.With(constants: graph.Constants.SetItem("conv1.weight", weight)), "base", new FineTuneOptions());
        SkiptuneException error = Assert.Throws<SkiptuneException>(() => tuner.Fit(GoldenFiles.Sample("train").Take(40)));
        Assert.Contains("not finite", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("float16", 0.001)]
    [InlineData("int8", 0.01)]
    [InlineData("int4", 0.1)]
    [InlineData("int2", 0.5)]
    public void Quantised_rows_stay_near_the_exact_ones(string format, double tolerance)
    {
        // The bound that matters to the adapters is relative to a block's largest value.
        SeededRandom random = new(9);
        float[] values = new float[1176];
        random.FillUniform(values, 3);
        for (int i = 0; i < values.Length; i++)
            values[i] = MathF.Max(0, values[i]);
        RowFormat rows = CacheFormat.Parse(format).RowFormatFor(nonNegative: true, exact: false);
        byte[] row = new byte[rows.Bytes(values.Length)];
        float[] back = new float[values.Length];
        KernelSet.Current.EncodeRow(rows, values, row);
        KernelSet.Current.DecodeRow(rows, row, back);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - back[i]) <= tolerance * 3, $"{values[i]} became {back[i]}");
            if (values[i] == 0)
                Assert.Equal(0, back[i]);
        }
    }
}
