using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.Hardware.Arithmetic;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Hardware.Base;

/// <summary>
/// Makes integers of the reference CNN. All scales are powers of two, so the hardware needs shifts alone between layers;
/// the scales of activations come from the samples to be learned from.
/// </summary>
internal static class NetworkQuantizer
{
    /// <summary>A bias of a dense layer is two digits of 7 bits: 128 * high + low, each in 8 bits with sign.</summary>
    public const int MostDenseBias = 127 * 128 + 127;

    private const int MostShift = 15;

    private const int MostSum = (1 << (Formats.SumBits - 1)) - 1;

    private const string Wanted = "the accelerator computes the reference CNN alone (1x28x28, Conv 5x5 pad 2 to 6, ReLU, MaxPool 2, Conv 5x5 to 16, ReLU, MaxPool 2, Dense 120, ReLU, Dense 84, ReLU, Dense of 1 .. 16 classes)";

    private static readonly string[][] Chain =
    [
        ["Conv"], ["Relu"], ["MaxPool"], ["Conv"], ["Relu"], ["MaxPool"], ["Flatten", "Reshape"], ["Gemm"], ["Relu"], ["Gemm"], ["Relu"], ["Gemm"],
    ];

    /// <summary>Makes integers of a model.</summary>
    /// <param name="model">The reference CNN.</param>
    /// <param name="samples">Samples from which the scales are taken.</param>
    /// <exception cref="SkiptuneException">The model is another network.</exception>
    public static IntegerNetwork Quantize(Model model, DataSet samples)
    {
        Node[] layers = Layers(model);
        int exponent = Formats.PixelExponent;
        List<IntegerLayer> result = [];
        for (int k = 0; k < layers.Length; k++)
        {
            bool last = k == layers.Length - 1;
            int outputExponent = last ? Formats.BaseScoreFraction : Exponent(model, layers[k + 1].Inputs[0], samples);
            result.Add(Layer(model.Graph, layers[k], k, exponent, outputExponent));
            exponent = outputExponent;
        }
        return new IntegerNetwork([.. result]);
    }

    /// <summary>The weight layers, in order.</summary>
    /// <exception cref="SkiptuneException">The model is another network.</exception>
    public static Node[] Layers(Model model)
    {
        Graph graph = model.Graph;
        string value = model.GetOutputLayer().Output;
        List<Node> nodes = [];
        for (Node? node = graph.ProducerOf(value); node is not null && nodes.Count <= Chain.Length; node = graph.ProducerOf(node.Inputs[0]))
            nodes.Insert(0, node);
        bool fits = nodes.Count == Chain.Length && nodes.Zip(Chain).All(pair => pair.Second.Contains(pair.First.Op.Type))
            && graph.Inputs is [{ } input] && input.SampleShape == ReferenceCnn.SampleShape
            && nodes[0].Op is Conv { Groups: 1 } first && first.Window == Window.Square(5, pad: 2)
            && nodes[3].Op is Conv { Groups: 1 } second && second.Window == Window.Square(5)
            && nodes.Where(node => node.Op is MaxPool).All(node => ((MaxPool)node.Op).Window == Window.Square(2, stride: 2));
        Node[] layers = [.. nodes.Where(node => node.Op.IsWeightLayer)];
        int[] outputs = [6, 16, 120, 84];
        if (!fits || layers.Length != 5 || !outputs.Select((count, k) => Outputs(graph, layers[k]) == count).All(ok => ok) || Outputs(graph, layers[4]) > 16)
            throw new SkiptuneException($"{Wanted}; this model is another network");
        return layers;
    }

    private static int Outputs(Graph graph, Node layer) =>
        graph.Constants.TryGetValue(layer.Inputs[1], out Tensor? weight)
            ? weight.Shape[layer.Op is Gemm { TransposeB: false } ? 1 : 0]
            : throw new SkiptuneException($"{Wanted}; the weight of '{layer.Name}' is computed");

    // The largest value has to fit into 8 bits.
    private static int Exponent(Model model, string value, DataSet samples)
    {
        float most = 1e-6f;
        foreach (float x in model.WithOutput(value).Predict(samples).Span)
            most = MathF.Max(most, x);
        return Math.Clamp((int)Math.Floor(Math.Log2(255.5 / most)), 2, 8);
    }

    private static IntegerLayer Layer(Graph graph, Node node, int k, int exponent, int outputExponent)
    {
        bool convolution = node.Op is Conv;
        float[,] weights = Weights(graph, node, k);
        int outputs = weights.GetLength(0);
        float[] bias = new float[outputs];
        if (node.Inputs.Length > 2 && graph.Constants.TryGetValue(node.Inputs[2], out Tensor? given))
        {
            for (int i = 0; i < outputs; i++)
                bias[i] = given.Span[given.Shape.Count == 1 ? 0 : i];
        }
        float mostWeight = MathF.Max(1e-6f, weights.Cast<float>().Max(MathF.Abs));
        float mostBias = MathF.Max(1e-6f, bias.Max(MathF.Abs));
        int fraction = (int)Math.Floor(Math.Log2(127.49 / mostWeight));
        int biasLimit = convolution ? (1 << (Formats.SumBits - 2)) : MostDenseBias;
        fraction = Math.Min(fraction, (int)Math.Floor(Math.Log2(biasLimit / mostBias)) - exponent);
        fraction = Math.Min(fraction, (int)Math.Floor(Math.Log2((MostSum - 128.0 * weights.GetLength(1)) / LargestSum(weights, bias, exponent))));
        // A shift is not negative and not above what the hardware has.
        fraction = Math.Clamp(fraction, outputExponent - exponent, MostShift + outputExponent - exponent);
        sbyte[,] integers = new sbyte[outputs, weights.GetLength(1)];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < integers.GetLength(1); i++)
                integers[o, i] = (sbyte)FixedPoint.Of(weights[o, i], fraction, Formats.WeightBits);
        }
        int[] biases = [.. bias.Select(value => Math.Clamp(FixedPoint.Of(value, fraction + exponent, 31), -biasLimit, biasLimit))];
        IntegerLayer layer = new(integers, biases, exponent + fraction - outputExponent, outputExponent);
        return Enumerable.Range(0, outputs).All(o => layer.LargestSum(o) <= MostSum)
            ? layer
            : throw new SkiptuneException($"the weights of '{node.Name}' are too large beside its outputs: their sums do not fit into the accelerator's {Formats.SumBits} bits");
    }

    // The largest that a sum can become, in units of 2^-exponent of an input; rounding may add half an input for each weight.
    private static double LargestSum(float[,] weights, float[] bias, int exponent) => Enumerable.Range(0, bias.Length).Max(o =>
        byte.MaxValue * Enumerable.Range(0, weights.GetLength(1)).Sum(i => (double)MathF.Abs(weights[o, i])) + MathF.Abs(bias[o]) * Math.Pow(2, exponent)) + 1e-6;

    // In the accelerator's order of inputs; a pixel of 255 means 1, but counts as 255/256.
    private static float[,] Weights(Graph graph, Node node, int k)
    {
        Tensor tensor = graph.Constants[node.Inputs[1]];
        bool turned = node.Op is Gemm { TransposeB: false };
        int outputs = tensor.Shape[turned ? 1 : 0];
        int inputs = tensor.Shape.Count / outputs;
        int taps = node.Op is Conv ? 25 : 1;
        TappedLayer order = node.Op is Conv ? new TappedLayer(inputs / taps, taps) : LayerTable.Taps[k];
        float[,] weights = new float[outputs, inputs];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                int source = order.NetworkIndex(i);
                weights[o, i] = tensor.Span[turned ? source * outputs + o : o * inputs + source] * (k == 0 ? 256f / 255 : 1);
            }
        }
        return weights;
    }
}
