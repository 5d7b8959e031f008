using Skiptune.Hardware.Adapters;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Hardware.Base;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Jobs;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The two halves of the accelerator alone: the adapter engine on any cache, and the frozen network.</summary>
public sealed class EngineModuleTests
{
    // All that the number formats hold, and not only what a network makes of images.
    [Theory]
    [InlineData(1, 2, VectorKind.Zeros, VectorKind.Random, 3)]
    [InlineData(1, 2, VectorKind.MostNegative, VectorKind.MostPositive, 4)]
    [InlineData(1, 2, VectorKind.Random, VectorKind.Random, 1)]
    [InlineData(8, 16, VectorKind.MostPositive, VectorKind.MostPositive, 4)]
    [InlineData(8, 16, VectorKind.Random, VectorKind.Zeros, 2)]
    [InlineData(8, 16, VectorKind.Random, VectorKind.Random, 3)]
    public void Adapter_engine(int rank, int classes, VectorKind masters, VectorKind cache, int batch)
    {
        AcceleratorOptions options = new() { Lanes = 16, Rank = rank, Classes = classes, Samples = 16, Batch = 4 };
        using RtlModule module = Modules.Open("adapter_engine", ("LANES", 16), ("RANK", rank), ("CLASSES", classes), ("SAMPLES", 16), ("BATCH", 4));
        SeededRandom random = new(rank + batch);
        AdapterModel model = new(Vectors.State(random, options, masters));
        int words = LayerTable.Words(options.Lanes);
        CachedSample[] samples = [.. Enumerable.Range(0, 9).Select(_ => new CachedSample(
            [.. Enumerable.Range(0, words).Select(_ => Vectors.Word(random, options.Lanes, cache))],
            [.. Enumerable.Range(0, classes).Select(_ => (short)Vectors.Signed(random, Formats.BaseScoreBits))],
            random.NextInt32(classes)))];
        TrainingStep[] steps = [.. RandomJobs.Steps(random, samples.Length, batch, epochs: 3, rate: cache == VectorKind.Random ? 3000 : 65_000)];
        Load(module, model.State);
        Train(module, random, samples, steps);
        foreach (TrainingStep step in steps)
            model.Step(samples, step);
        RandomJobs.AssertSame(model.State, Read(module, options));
    }

    [Fact]
    public void Base_array()
    {
        AcceleratorOptions options = new() { Lanes = 64, Classes = 16, Samples = 16 };
        AcceleratorJob job = RandomJobs.Make(options, samples: 6, batch: 4, epochs: 1, seed: 3);
        CachedSample[] expected = job.MakeCache();
        using RtlModule module = Modules.Open("base_array", ("LANES", 64), ("CLASSES", 16), ("SAMPLE_BITS", 4));
        foreach (ParameterRow row in ParameterImage.OfNetwork(job.Network))
            LoadRow(module, job.Network, row);
        module["i_weight_write"] = 0;
        module["i_shifts"] = StreamFormat.Packed(job.Network.Layers.Select(layer => layer.Shift));
        module["i_exponents"] = StreamFormat.Packed(Enumerable.Range(0, LayerTable.Taps.Length).Select(job.Network.TapExponent));
        SeededRandom random = new(5);
        Dictionary<(int Sample, int Word), CacheWord> cache = [];
        Dictionary<int, (int[] Values, long Cycle)> scores = [];
        List<long> ends = [];
        RtlPort data = module.Port("o_word");
        int sent = 0;
        for (int cycle = 0; cycle < 20_000 && scores.Count < job.Images.Length; cycle++)
        {
            (int image, int word) = (sent / 392, sent % 392);
            // The first three images come as fast as they are taken.
            bool valid = image < job.Images.Length && (image < 3 || random.NextInt32(3) > 0);
            module["i_valid"] = valid ? 1 : 0;
            module["i_pixels"] = valid ? job.Images[image][2 * word] | job.Images[image][2 * word + 1] << 8 : 0;
            module.Settle();
            sent += valid && module["o_ready"] == 1 ? 1 : 0;
            module.Step();
            if (module["o_scores_valid"] == 1)
                scores.Add((int)module["o_scores_sample"], (module.GetSigned("o_scores", 16), module.Cycle));
            if (module["o_valid"] == 0)
                continue;
            int sample = (int)module["o_sample"];
            cache.Add((sample, (int)module["o_index"]), new CacheWord(
                [.. Enumerable.Range(0, 64).Select(lane => (byte)module.Outputs.Read(data.Offset + lane * Formats.LevelBits, Formats.LevelBits))],
                (int)module.Outputs.Read(data.Offset + 64 * Formats.LevelBits, Formats.ScaleBits)));
            if (module["o_last"] == 0)
                continue;
            // Training may begin: all words have to be there.
            Assert.Equal(ends.Count, sample);
            ends.Add(module.Cycle);
            for (int index = 0; index < expected[sample].Words.Length; index++)
            {
                Assert.Equal(expected[sample].Words[index].Levels, cache[(sample, index)].Levels);
                Assert.Equal(expected[sample].Words[index].Scale, cache[(sample, index)].Scale);
            }
        }
        Assert.Equal((job.Images.Length, job.Images.Length * LayerTable.Words(64)), (ends.Count, cache.Count));
        for (int sample = 0; sample < ends.Count; sample++)
        {
            Assert.Equal(expected[sample].Scores.Select(score => (int)score), scores[sample].Values);
            // The engine reads them when it has added up the first layer, which is 13 words at least.
            Assert.InRange(scores[sample].Cycle - ends[sample], -100, 13);
        }
    }

    private static void LoadRow(RtlModule module, IntegerNetwork network, ParameterRow row)
    {
        switch (row.Target)
        {
            case ParameterTarget.FirstConvolution:
                module.Set("i_first_weights", row.Values[..(6 * 25)]);
                module.Set("i_first_bias", network.Layers[0].Bias);
                return;
            case ParameterTarget.SecondBias:
                module.Set("i_second_bias", row.Values);
                return;
            default:
                RtlPort port = module.Port("i_weights");
                for (int i = 0; i < row.Values.Length; i++)
                    module.Inputs.Write(port.Offset + i * row.Width, row.Width, row.Values[i]);
                module["i_weight_row"] = row.Row;
                module["i_weight_write"] = 1 << (int)row.Target;
                module.Step();
                return;
        }
    }

    private static void Load(RtlModule module, AdapterState state)
    {
        foreach (ParameterRow row in ParameterImage.OfAdapters(state))
        {
            bool down = row.Target == ParameterTarget.Down;
            module["i_down_write"] = down ? 1 : 0;
            module["i_up_write"] = down ? 0 : 1;
            module["i_row"] = row.Row;
            module.Set(down ? "i_down" : "i_up", row.Values);
            module.Step();
        }
        module["i_down_write"] = 0;
        module["i_up_write"] = 0;
    }

    // The base array's writes and the order come at any pace.
    private static void Train(RtlModule module, SeededRandom random, CachedSample[] samples, TrainingStep[] steps)
    {
        (uint Entry, bool Last)[] order = [.. steps.SelectMany(step => StreamFormat.Order(step).Select((entry, i) => (entry, i == step.Samples.Length - 1)))];
        int words = samples[0].Words.Length;
        int lanes = samples[0].Words[0].Levels.Length;
        RtlPort data = module.Port("i_write_data");
        module["i_samples"] = samples.Length;
        module["i_steps"] = steps.Length;
        module["i_start"] = 1;
        module.Step();
        module["i_start"] = 0;
        (int written, int sent) = (0, 0);
        bool done = false;
        for (int cycle = 0; cycle < 200_000 && !done; cycle++)
        {
            bool write = written < samples.Length * words && random.NextInt32(3) == 0;
            (int sample, int word) = (Math.Min(written / words, samples.Length - 1), written % words);
            module["i_write"] = write ? 1 : 0;
            module["i_write_sample"] = sample;
            module["i_write_word"] = word;
            module["i_write_last"] = word == words - 1 ? 1 : 0;
            for (int lane = 0; lane < lanes && write; lane++)
                module.Inputs.Write(data.Offset + lane * Formats.LevelBits, Formats.LevelBits, samples[sample].Words[word].Levels[lane]);
            module.Inputs.Write(data.Offset + lanes * Formats.LevelBits, Formats.ScaleBits, samples[sample].Words[word].Scale);
            module["i_scores_write"] = module["i_label_write"] = write && word == 0 ? 1 : 0;
            module["i_scores_sample"] = module["i_label_sample"] = sample;
            module.Set("i_scores", [.. samples[sample].Scores.Select(score => (int)score)]);
            module["i_label"] = samples[sample].Label;
            bool valid = sent < order.Length && random.NextInt32(2) == 0;
            module["i_order_valid"] = valid ? 1 : 0;
            module["i_order"] = valid ? order[sent].Entry : 0;
            module["i_order_last"] = valid && order[sent].Last ? 1 : 0;
            module.Settle();
            sent += valid && module["o_order_ready"] == 1 ? 1 : 0;
            written += write ? 1 : 0;
            module.Step();
            done = module["o_done"] == 1;
        }
        Assert.True(done, "the engine did not end");
        Assert.Equal((0, samples.Length), (module["o_error"], module["o_stored"]));
    }

    private static AdapterState Read(RtlModule module, AcceleratorOptions options)
    {
        AdapterState state = new(options);
        for (int row = 0; row < state.Down.GetLength(0); row++)
        {
            module["i_row"] = row;
            module.Step(3);
            int[] down = module.GetSigned("o_down", options.Rank * options.Lanes);
            for (int i = 0; i < down.Length; i++)
                state.Down[row, i / options.Lanes, i % options.Lanes] = down[i];
            int[] up = row < state.Up.GetLength(0) ? module.GetSigned("o_up", options.Classes * options.Rank) : [];
            for (int i = 0; i < up.Length; i++)
                state.Up[row, i / options.Rank, i % options.Rank] = up[i];
        }
        return state;
    }
}
