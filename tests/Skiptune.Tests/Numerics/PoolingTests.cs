using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Pooling forward and backward over many windows, positions wholly in the padding included.</summary>
[Trait("Category", "Kernels")]
public class PoolingTests
{
    private const int RandomWindows = 300;

    public static TheoryData<string, Edge> AllAtBothEdges => Forms.AllAtBothEdges;

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_gives_the_same_bits(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        foreach ((Window window, int height, int width) in Geometries.Windows(RandomWindows, padded: true))
        {
            int outputs = window.OutputHeight(height) * window.OutputWidth(width);
            Forms.Compare(form, expected, actual, (k, b) => k.MaxPool(window, height, width, b.Floats(height * width), b.Floats(outputs)), 1, $"{window}");
            foreach (bool all in new[] { false, true })
                Forms.Compare(form, expected, actual, (k, b) => k.AveragePool(window, all, height, width, b.Floats(height * width), b.Floats(outputs)), 2, $"{window}");
        }
    }

    [Theory]
    [MemberData(nameof(AllAtBothEdges))]
    public void Every_form_gives_gradients_to_the_same_cells(string name, Edge edge)
    {
        KernelSet form = Forms.Get(name);
        using Buffers expected = new(Edge.End);
        using Buffers actual = new(edge);
        for (int height = 2; height <= 12; height++)
        {
            for (int width = 2; width <= 70; width++)
            {
                Window window = Window.Square(2, stride: 2);
                int outputs = height / 2 * (width / 2);
                Forms.Compare(form, expected, actual, Run, width, $"{height}x{width}");

                void Run(KernelSet kernels, Buffers b)
                {
                    Span<float> input = b.Floats(height * width), output = b.Floats(outputs);
                    kernels.MaxPool(window, height, width, input, output);
                    kernels.MaxPoolBackward(window, height, width, input, output, b.Floats(outputs), b.Floats(height * width));
                }
            }
        }
    }

    [Fact]
    public void Maximum_pooling_is_the_definition()
    {
        SeededRandom random = new(1);
        foreach ((Window window, int height, int width) in Geometries.Windows(RandomWindows, padded: true))
        {
            // Few different values, so that a window often holds its maximum more than once.
            float[] input = [.. Enumerable.Range(0, height * width).Select(_ => (float)random.NextInt32(7) - 3)];
            List<int>[] positions = Positions(window, height, width);
            float[] output = new float[positions.Length], gradient = new float[positions.Length], inputGradient = new float[input.Length];
            float[] expected = new float[input.Length];
            Forms.Scalar.MaxPool(window, height, width, input, output);
            for (int p = 0; p < positions.Length; p++)
            {
                Assert.Equal(positions[p].Select(i => input[i]).DefaultIfEmpty(float.NegativeInfinity).Max(), output[p]);
                // Whole numbers add up exactly in any order.
                gradient[p] = random.NextInt32(9) - 4;
                if (positions[p].Count > 0)
                    expected[positions[p].MaxBy(i => input[i])] += gradient[p];
            }
            foreach (KernelSet form in KernelSet.Available)
            {
                inputGradient.AsSpan().Clear();
                form.MaxPoolBackward(window, height, width, input, output, gradient, inputGradient);
                Assert.Equal(expected, inputGradient);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Average_pooling_is_the_definition(bool countPadding)
    {
        SeededRandom random = new(2);
        foreach ((Window window, int height, int width) in Geometries.Windows(RandomWindows, padded: true))
        {
            float[] input = new float[height * width], inputGradient = new float[height * width];
            random.FillUniform(input, 2);
            random.FillUniform(inputGradient, 2);
            List<int>[] positions = Positions(window, height, width);
            float[] output = new float[positions.Length], gradient = new float[positions.Length];
            random.FillUniform(gradient, 2);
            Sum[] inputSums = [.. inputGradient.Select(value => new Sum(value))];
            Forms.Scalar.AveragePool(window, countPadding, height, width, input, output);
            KernelSet.AveragePoolBackward(window, countPadding, height, width, gradient, inputGradient);
            for (int p = 0; p < positions.Length; p++)
            {
                int cells = countPadding ? window.Height * window.Width : positions[p].Count;
                if (cells == 0)
                {
                    Assert.True(float.IsNaN(output[p]), "the mean of nothing");
                    continue;
                }
                Sum sum = new(0);
                foreach (int i in positions[p])
                {
                    sum.Add(input[i] / (double)cells);
                    inputSums[i].Add(gradient[p] / (double)cells);
                }
                sum.AssertNear(output[p], $"{window} over {height}x{width}");
            }
            for (int i = 0; i < input.Length; i++)
                inputSums[i].AssertNear(inputGradient[i], $"gradient of {window} over {height}x{width}");
        }
    }

    [Fact]
    public void Backward_is_the_slope_of_forward()
    {
        const float Step = 1f / 64;
        SeededRandom random = new(4);
        foreach ((Window window, int height, int width) in Geometries.Windows(40, padded: false))
        {
            // Different multiples of 1/4 in random order: a step of 1/64 changes no maximum's place, and its slope is exact.
            float[] input = [.. Enumerable.Range(0, height * width).Select(i => i / 4f)];
            random.Shuffle<float>(input);
            int outputs = window.OutputHeight(height) * window.OutputWidth(width);
            float[] output = new float[outputs], moved = new float[outputs], ones = [.. Enumerable.Repeat(1f, outputs)];
            float[] maximum = new float[input.Length], average = new float[input.Length];
            Forms.Scalar.MaxPool(window, height, width, input, output);
            Forms.Scalar.MaxPoolBackward(window, height, width, input, output, ones, maximum);
            KernelSet.AveragePoolBackward(window, countPadding: true, height, width, ones, average);
            for (int i = 0; i < input.Length; i++)
            {
                Assert.Equal(Slope(i, o => Forms.Scalar.MaxPool(window, height, width, input, o)), maximum[i], 1e-6);
                Assert.Equal(Slope(i, o => Forms.Scalar.AveragePool(window, true, height, width, input, o)), average[i], 2e-2);
            }

            double Slope(int i, Action<float[]> forward)
            {
                float kept = input[i];
                forward(output);
                input[i] += Step;
                forward(moved);
                input[i] = kept;
                return moved.Zip(output, (after, before) => ((double)after - before) / Step).Sum();
            }
        }
    }

    /// <summary>The cells of each window position that lie inside, in row order.</summary>
    private static List<int>[] Positions(Window w, int height, int width) =>
    [
        .. from oy in Enumerable.Range(0, w.OutputHeight(height))
           from ox in Enumerable.Range(0, w.OutputWidth(width))
           select (from ky in Enumerable.Range(0, w.Height)
                   from kx in Enumerable.Range(0, w.Width)
                   let y = oy * w.StrideY - w.PadTop + ky * w.DilationY
                   let x = ox * w.StrideX - w.PadLeft + kx * w.DilationX
                   where y >= 0 && x >= 0 && y < height && x < width
                   select y * width + x).ToList()
    ];
}
