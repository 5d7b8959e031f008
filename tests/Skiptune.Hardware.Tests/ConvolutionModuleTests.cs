using Skiptune.Hardware.Base;
using Skiptune.Hardware.Driver;
using Skiptune.Hardware.Simulation;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Tests;

/// <summary>The convolutions and dense layers of the base array against the integer model.</summary>
public sealed class ConvolutionModuleTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void First_convolution(int seed, bool stalls)
    {
        SeededRandom random = new(seed);
        IntegerLayer layer = Modules.Layer(random, 6, 25, shift: 8);
        using RtlModule module = Modules.Open("first_convolution");
        module.Set("i_weights", [.. layer.Weights.Cast<sbyte>().Select(weight => (int)weight)]);
        module.Set("i_bias", layer.Bias);
        module["i_shift"] = layer.Shift;
        module["i_room"] = 1;
        // Extremes first: the largest sums of either sign.
        byte[][] images = [[.. Enumerable.Repeat((byte)255, LayerTable.Pixels)], new byte[LayerTable.Pixels], .. Enumerable.Range(0, 4).Select(_ => Modules.Bytes(random, LayerTable.Pixels))];
        List<byte> places = [];
        int sent = 0;
        for (int cycle = 0; cycle < 12_000 && places.Count < images.Length * 1176; cycle++)
        {
            bool valid = sent < images.Length * 392 && (!stalls || random.NextInt32(3) > 0);
            module["i_valid"] = valid ? 1 : 0;
            module["i_room"] = stalls && random.NextInt32(4) == 0 ? 0 : 1;
            if (valid)
                module["i_pixels"] = images[sent / 392][sent % 392 * 2] | images[sent / 392][sent % 392 * 2 + 1] << 8;
            module.Settle();
            bool taken = valid && module["o_ready"] == 1;
            module.Step();
            sent += taken ? 1 : 0;
            if (module["o_valid"] == 1)
                places.AddRange(module.Get("o_place", 6).Select(value => (byte)value));
        }
        byte[] expected = [.. images.SelectMany(image => BaseModel.ConvolveAndPool(layer, image, edge: 28, channels: 1, pad: 2))];
        Assert.Equal(expected, places);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Second_convolution(int seed, bool stalls)
    {
        SeededRandom random = new(seed);
        IntegerLayer layer = Modules.Layer(random, 16, 150, shift: 10);
        using RtlModule module = Modules.Open("second_convolution");
        module.Set("i_bias", layer.Bias);
        module["i_shift"] = layer.Shift;
        IntegerNetwork network = new([layer, layer]);
        foreach (ParameterRow row in ParameterImage.OfNetwork(network).Where(row => row.Target == ParameterTarget.SecondConvolution))
        {
            module.Set("i_weights", row.Values);
            module["i_weight_row"] = row.Row;
            module["i_weight_write"] = 1;
            module.Step();
        }
        module["i_weight_write"] = 0;
        byte[][] frames = [[.. Enumerable.Repeat((byte)255, 1176)], new byte[1176], .. Enumerable.Range(0, 4).Select(_ => Modules.Bytes(random, 1176))];
        List<byte> places = [];
        int sent = 0;
        long first = 0;
        for (int cycle = 0; cycle < 12_000 && places.Count < frames.Length * 400; cycle++)
        {
            bool start = sent % 196 == 0;
            bool valid = sent < frames.Length * 196 && (!start || module["o_room"] == 1) && (!stalls || random.NextInt32(3) == 0);
            module["i_valid"] = valid ? 1 : 0;
            module["i_frame_start"] = valid && start ? 1 : 0;
            if (valid)
            {
                module.Set("i_place", [.. frames[sent / 196].Skip(sent % 196 * 6).Take(6).Select(value => (int)value)]);
                sent++;
            }
            module.Step();
            if (module["o_valid"] == 1)
            {
                places.AddRange(module.Get("o_place", 16).Select(value => (byte)value));
                if (places.Count == 400)
                    first = module.Cycle;
            }
        }
        Assert.Equal([.. frames.SelectMany(frame => BaseModel.ConvolveAndPool(layer, frame, edge: 14, channels: 6, pad: 0))], places);
        if (!stalls)
            Assert.Equal(500 * (frames.Length - 1), module.Cycle - first);
    }

    [Theory]
    [InlineData(5, 400, 120, 1, false)]
    [InlineData(6, 120, 84, 3, true)]
    [InlineData(7, 84, 10, 1, true)]
    [InlineData(8, 84, 1, 1, false)]
    [InlineData(9, 84, 3, 1, true)]
    public void Dense_layer(int seed, int inputs, int outputs, int groups, bool stalls) =>
        Dense(seed, inputs, outputs, groups, stalls, (sum, shift) => BaseModel.Activation(sum, shift), ("INPUTS", inputs), ("OUTPUTS", outputs), ("GROUPS", groups));

    [Theory]
    [InlineData(1, false)]
    [InlineData(10, true)]
    [InlineData(16, false)]
    public void Dense_layer_of_scores(int classes, bool stalls) =>
        Dense(classes, 84, classes, groups: 1, stalls, (sum, shift) => BaseModel.Score(sum, shift), ("INPUTS", 84), ("OUTPUTS", classes), ("GROUPS", 1), ("OUT", 16), ("SIGNED", 1));

    // The largest sums of either sign first, with shifts at which the results saturate and at which they do not.
    private static void Dense(int seed, int inputs, int outputs, int groups, bool stalls, Func<int, int, int> result, params (string, long)[] parameters)
    {
        foreach (int shift in new[] { 0, 9, 15 })
            Dense(new SeededRandom(seed), inputs, outputs, groups, stalls, shift, result, parameters);
    }

    private static void Dense(SeededRandom random, int inputs, int outputs, int groups, bool stalls, int shift, Func<int, int, int> result, (string, long)[] parameters)
    {
        IntegerLayer layer = Modules.Layer(random, outputs, inputs, shift, bias: NetworkQuantizer.MostDenseBias);
        using RtlModule module = Modules.Open("dense_layer", parameters);
        bool signed = parameters.Contains(("SIGNED", 1));
        module["i_shift"] = shift;
        foreach (ParameterRow row in ParameterImage.Dense(layer, ParameterTarget.ThirdLayer, groups))
        {
            module.Set("i_weights", row.Values);
            module["i_weight_row"] = row.Row;
            module["i_weight_write"] = 1;
            module.Step();
        }
        module["i_weight_write"] = 0;
        byte[][] frames = [[.. Enumerable.Repeat((byte)255, inputs)], new byte[inputs], .. Enumerable.Range(0, 2).Select(_ => Modules.Bytes(random, inputs))];
        List<int> values = [];
        int sent = 0;
        for (int cycle = 0; cycle < 8000 && values.Count < frames.Length * outputs; cycle++)
        {
            bool valid = sent < frames.Length * inputs && (!stalls || random.NextInt32(2) == 0);
            module["i_valid"] = valid ? 1 : 0;
            module["i_value"] = valid ? frames[sent / inputs][sent % inputs] : 0;
            bool ready = !stalls || random.NextInt32(2) == 0;
            module["i_ready"] = ready ? 1 : 0;
            module.Settle();
            bool taken = valid && module["o_ready"] == 1;
            if (module["o_valid"] == 1 && ready)
                values.Add((int)(signed ? module.Signed("o_value") : module["o_value"]));
            module.Step();
            sent += taken ? 1 : 0;
        }
        Assert.Equal([.. frames.SelectMany(frame => BaseModel.Sums(layer, frame).Select(sum => result(sum, shift)))], values);
    }
}
