using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>What stands at the ends of the streams, with what the driver sends and with what no driver should.</summary>
public sealed class StreamModuleTests
{
    private const int OrderSamples = 40;
    private const int OrderBatch = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sample_input(bool stalls)
    {
        using RtlModule module = Modules.Open("sample_input", ("SAMPLE_BITS", 4));
        SeededRandom random = new(3);
        const int Samples = 3;
        (byte[] Image, byte Label)[] samples = [.. Enumerable.Range(0, Samples).Select(i => (Modules.Bytes(random, LayerTable.Pixels), (byte)(i * 7)))];
        uint[] words = [.. samples.SelectMany(sample => StreamFormat.Sample(sample.Image, sample.Label))];
        List<byte> pixels = [];
        List<(long Sample, long Label)> labels = [];
        module["i_samples"] = Samples;
        int sent = 0;
        for (int cycle = 0; cycle < 20_000 && sent < words.Length; cycle++)
        {
            bool valid = !stalls || random.NextInt32(3) > 0;
            bool ready = !stalls || random.NextInt32(3) > 0;
            module["i_enable"] = cycle > 5 ? 1 : 0;
            module["i_valid"] = valid ? 1 : 0;
            module["i_ready"] = ready ? 1 : 0;
            module["i_data"] = words[sent];
            module["i_last"] = sent % 393 == 392 ? 1 : 0;
            module.Settle();
            bool taken = valid && module["o_ready"] == 1;
            Assert.False(taken && cycle <= 5, "taken before the job");
            if (module["o_valid"] == 1 && ready)
                pixels.AddRange([(byte)module["o_pixels"], (byte)(module["o_pixels"] >> 8)]);
            if (module["o_label_write"] == 1)
                labels.Add((module["o_label_sample"], module["o_label"]));
            module.Step();
            Assert.Equal(0, module["o_error"]);
            sent += taken ? 1 : 0;
        }
        Assert.Equal(samples.SelectMany(sample => sample.Image), pixels);
        Assert.Equal(samples.Select((sample, i) => ((long)i, (long)sample.Label & 15)), labels);
        // Beyond the job's samples nothing is taken.
        module["i_valid"] = 1;
        module["i_ready"] = 1;
        module.Settle();
        Assert.Equal((0, 0), (module["o_ready"], module["o_valid"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(391)]
    [InlineData(-1)]
    public void A_sample_that_ends_early_or_late_is_an_error(int last)
    {
        using RtlModule module = Modules.Open("sample_input", ("SAMPLE_BITS", 4));
        module["i_samples"] = 2;
        module["i_enable"] = 1;
        module["i_valid"] = 1;
        module["i_ready"] = 1;
        List<int> errors = [];
        for (int word = 0; word < 393; word++)
        {
            module["i_last"] = word == last ? 1 : 0;
            module.Step();
            if (module["o_error"] == 1)
                errors.Add(word);
        }
        // Where the mark is and should not be, and where it should be and is not.
        Assert.Equal(last < 0 ? [392] : [last, 392], errors);
    }

    [Fact]
    public void Order_reader()
    {
        using RtlModule module = Modules.Open("order_reader", ("SAMPLE_BITS", 6), ("BATCH_BITS", 3));
        SeededRandom random = new(4);
        TrainingStep[] steps = [.. Enumerable.Range(0, 60).Select(i => new TrainingStep(
            [.. Enumerable.Range(0, i % 3 == 0 ? OrderBatch : 1 + random.NextInt32(OrderBatch)).Select(_ => random.NextInt32(OrderSamples))], Vectors.Unsigned(random, Formats.RateBits)))];
        (uint Word, bool Last)[] words = [.. steps.SelectMany(step => StreamFormat.Order(step).Select((word, i) => (word, i == step.Samples.Length - 1)))];
        module["i_samples"] = OrderSamples;
        (int sent, int read, int begun, int released) = (0, 0, 0, 0);
        for (int cycle = 0; cycle < 20_000 && released < steps.Length; cycle++)
        {
            bool valid = sent < words.Length && random.NextInt32(3) > 0;
            module["i_valid"] = valid ? 1 : 0;
            module["i_entry"] = valid ? words[sent].Word : 0;
            module["i_last"] = valid && words[sent].Last ? 1 : 0;
            module["i_bank"] = begun % 3;
            bool begin = module["o_available"] == 1 && begun - released < 2 && random.NextInt32(8) == 0;
            bool release = begun > released && random.NextInt32(16) == 0;
            module["i_begin"] = begin ? 1 : 0;
            module["i_release"] = release ? 1 : 0;
            module.Settle();
            Assert.Equal(read - begun > 0 ? 1 : 0, module["o_available"]);
            // Three batches are kept, whole or in part.
            Assert.Equal(read - released < 3 ? 1 : 0, module["o_ready"]);
            bool taken = valid && module["o_ready"] == 1;
            if (module["o_available"] == 1)
            {
                TrainingStep next = steps[begun];
                Assert.Equal((next.Samples.Length - 1, next.Rate, next.Samples.Max()), ((int)module["o_last"], (int)module["o_rate"], (int)module["o_newest"]));
            }
            for (int batch = released; batch < begun; batch++)
            {
                // Either look-up reads either batch.
                string port = (batch + cycle) % 2 == 0 ? "a" : "b";
                int place = random.NextInt32(steps[batch].Samples.Length);
                module[$"i_{port}_bank"] = batch % 3;
                module[$"i_{port}_place"] = place;
                module.Settle();
                Assert.Equal(steps[batch].Samples[place], module[$"o_{port}_sample"]);
            }
            module.Step();
            Assert.Equal(0, module["o_error"]);
            read += taken && words[sent].Last ? 1 : 0;
            sent += taken ? 1 : 0;
            begun += begin ? 1 : 0;
            released += release ? 1 : 0;
        }
        Assert.Equal(steps.Length, released);
    }

    [Theory]
    [InlineData(OrderSamples - 1, OrderBatch, false)]
    [InlineData(OrderSamples, 1, true)]
    [InlineData(65_535, 1, true)]
    [InlineData(0, OrderBatch + 1, true)]
    public void An_order_out_of_range_is_an_error(int sample, int batch, bool error)
    {
        using RtlModule module = Modules.Open("order_reader", ("SAMPLE_BITS", 6), ("BATCH_BITS", 3));
        module["i_samples"] = OrderSamples;
        module["i_valid"] = 1;
        uint[] entries = StreamFormat.Order(new TrainingStep([.. Enumerable.Repeat(sample, batch)], Rate: 9));
        for (int i = 0; i < batch; i++)
        {
            module["i_entry"] = entries[i];
            module["i_last"] = i == batch - 1 ? 1 : 0;
            module.Step();
        }
        module["i_valid"] = 0;
        Assert.Equal(error ? 1 : 0, module["o_error"]);
        module.Step(10);
        Assert.Equal(error ? 1 : 0, module["o_error"]);
        Modules.Reset(module);
        Assert.Equal(0, module["o_error"]);
    }
}
