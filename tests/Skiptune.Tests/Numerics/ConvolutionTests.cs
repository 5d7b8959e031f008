using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Convolution forward and backward over many geometries.</summary>
[Trait("Category", "Kernels")]
public class ConvolutionTests
{
    private const int RandomGeometries = 250;

    public static TheoryData<string, Edge> AllAtBothEdges => Forms.AllAtBothEdges;

    // Padding is skipped by the reference and multiplied as zero by the vectors. That could only show on a chain
    // that starts from -0 or on a factor that is not finite; the random values here are neither.
    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_gives_the_same_bits(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        int seed = 0;
        foreach (ConvolutionGeometry g in Geometries.Convolutions(RandomGeometries))
        {
            bool biased = ++seed % 4 > 0;
            int samples = Samples(seed);
            Forms.Compare(form, expected, actual, Forward, seed, $"forward of {samples} x {g}");
            Forms.Compare(form, expected, actual, BackwardInput, seed, $"backward to the input of {samples} x {g}");
            Forms.Compare(form, expected, actual, BackwardWeight, seed, $"backward to the weight {g}");

            void Forward(KernelSet kernels, Buffers b) =>
                kernels.Convolve(g, samples, b.Floats(samples * Inputs(g)), b.Floats(Weights(g)), biased ? b.Floats(g.OutputChannels) : [], .., Epilogue.None, b.Floats(samples * Outputs(g)));
            void BackwardInput(KernelSet kernels, Buffers b) =>
                kernels.ConvolveBackwardInput(g, samples, b.Floats(samples * Outputs(g)), b.Floats(Weights(g)), b.Floats(samples * Inputs(g)));
            void BackwardWeight(KernelSet kernels, Buffers b)
            {
                int from = b.Random.NextInt32(g.OutputChannels + 1);
                int to = from + b.Random.NextInt32(g.OutputChannels + 1 - from);
                kernels.ConvolveBackwardWeight(g, 2, b.Floats(2 * Inputs(g)), b.Floats(2 * Outputs(g)), from, to, b.Floats(Weights(g)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_limits_and_pools_and_computes_some_channels_with_the_same_bits(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        int seed = 0;
        foreach (ConvolutionGeometry g in Geometries.Convolutions(RandomGeometries))
        {
            SeededRandom random = new(++seed);
            int from = random.NextInt32(g.OutputChannels);
            int to = from + 1 + random.NextInt32(g.OutputChannels - from);
            int size = 1 + random.NextInt32(Math.Min(3, Math.Min(g.OutputHeight, g.OutputWidth)));
            Window pool = Window.Square(size, stride: 1 + random.NextInt32(3));
            Epilogue epilogue = new(random.NextInt32(2) == 0 ? 0 : -0.5f, random.NextInt32(2) == 0 ? 0.75f : float.PositiveInfinity);
            if (random.NextInt32(3) > 0)
                epilogue = epilogue with { Pool = pool };
            int outputs = epilogue.Pool is null ? Outputs(g) : g.OutputChannels * pool.OutputHeight(g.OutputHeight) * pool.OutputWidth(g.OutputWidth);
            int samples = Samples(seed);
            Forms.Compare(form, expected, actual, Run, seed, $"{epilogue} of channels {from}..{to} of {samples} x {g}");

            void Run(KernelSet kernels, Buffers b) => kernels.Convolve(
                g, samples, b.Floats(samples * Inputs(g)), b.Floats(Weights(g)), seed % 3 == 0 ? [] : b.Floats(g.OutputChannels), from..to, epilogue, b.Floats(samples * outputs));
        }
    }

    [Fact]
    public void The_scalar_form_is_the_definition()
    {
        SeededRandom random = new(3);
        foreach (ConvolutionGeometry g in Geometries.Convolutions(RandomGeometries))
        {
            float[] input = Fill(Inputs(g)), weight = Fill(Weights(g)), bias = Fill(g.OutputChannels), gradient = Fill(Outputs(g));
            float[] output = new float[Outputs(g)], inputGradient = Fill(Inputs(g)), weightGradient = Fill(Weights(g));
            Sum[] outputSums = [.. Enumerable.Range(0, Outputs(g)).Select(i => new Sum(bias[i / g.OutputPixels]))];
            Sum[] inputSums = [.. inputGradient.Select(value => new Sum(value))];
            Sum[] weightSums = [.. weightGradient.Select(value => new Sum(value))];
            foreach ((int i, int w, int o) in Terms(g))
            {
                outputSums[o].Add((double)input[i] * weight[w]);
                inputSums[i].Add((double)gradient[o] * weight[w]);
                weightSums[w].Add((double)gradient[o] * input[i]);
            }
            float[] weightBefore = [.. weightGradient];
            int from = random.NextInt32(g.OutputChannels);
            Forms.Scalar.Convolve(g, 1, input, weight, bias, .., Epilogue.None, output);
            float[] flipped = new float[weight.Length];
            g.FlipWeights(weight, flipped);
            Forms.Scalar.ConvolveBackwardInput(g, 1, gradient, flipped, inputGradient);
            Forms.Scalar.ConvolveBackwardWeight(g, 1, input, gradient, from, g.OutputChannels, weightGradient);
            for (int i = 0; i < output.Length; i++)
                outputSums[i].AssertNear(output[i], $"output {i} of {g}");
            for (int i = 0; i < input.Length; i++)
                inputSums[i].AssertNear(inputGradient[i], $"input gradient {i} of {g}");
            for (int i = 0; i < from * g.Depth; i++)
                Assert.Equal(weightBefore[i], weightGradient[i]);
            for (int i = from * g.Depth; i < weight.Length; i++)
                weightSums[i].AssertNear(weightGradient[i], $"weight gradient {i} of {g}");
        }

        float[] Fill(int count)
        {
            float[] values = new float[count];
            random.FillUniform(values, 2);
            return values;
        }
    }

    [Fact]
    public void A_batch_too_large_for_one_pass_gives_the_same_bits()
    {
        ConvolutionGeometry g = new(1, 700, 640, 2, 1, new Window(1, 1));
        const int Samples = 5;
        Assert.True(g.SamplesPerPass < Samples, "the case has become too small to need a second pass");
        SeededRandom random = new(5);
        float[] input = new float[Samples * g.InputCount], gradient = new float[Samples * g.OutputCount];
        random.FillUniform(input, 1);
        random.FillUniform(gradient, 1);
        float[] expected = new float[2];
        Forms.Scalar.ConvolveBackwardWeight(g, Samples, input, gradient, 0, 2, expected);
        foreach (KernelSet form in KernelSet.Available)
        {
            float[] actual = new float[2];
            form.ConvolveBackwardWeight(g, Samples, input, gradient, 0, 2, actual);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>All products of a convolution, as six loops: which input times which weight goes to which output.</summary>
    private static IEnumerable<(int Input, int Weight, int Output)> Terms(ConvolutionGeometry g)
    {
        Window w = g.Window;
        for (int to = 0; to < g.OutputChannels; to++)
        {
            for (int from = 0; from < g.GroupInputChannels; from++)
            {
                for (int oy = 0; oy < g.OutputHeight; oy++)
                {
                    for (int ox = 0; ox < g.OutputWidth; ox++)
                    {
                        for (int cell = 0; cell < w.Count; cell++)
                        {
                            int y = oy * w.StrideY - w.PadTop + cell / w.Width * w.DilationY;
                            int x = ox * w.StrideX - w.PadLeft + cell % w.Width * w.DilationX;
                            if (y < 0 || x < 0 || y >= g.InputHeight || x >= g.InputWidth)
                                continue;
                            int channel = to / (g.OutputChannels / g.Groups) * g.GroupInputChannels + from;
                            yield return (
                                (channel * g.InputHeight + y) * g.InputWidth + x,
                                (to * g.GroupInputChannels + from) * w.Count + cell,
                                (to * g.OutputHeight + oy) * g.OutputWidth + ox);
                        }
                    }
                }
            }
        }
    }

    // Few, enough for some lanes to stay empty, and more than the widest vector has.
    private static int Samples(int seed) => (seed % 8) switch { 0 => 3, 1 => 7, 2 => 13, 3 => 21, _ => 1 };

    private static int Inputs(ConvolutionGeometry g) => g.InputChannels * g.InputPixels;

    private static int Weights(ConvolutionGeometry g) => g.OutputChannels * g.Depth;

    private static int Outputs(ConvolutionGeometry g) => g.OutputChannels * g.OutputPixels;
}
