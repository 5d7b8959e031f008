using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

/// <summary>The same run as in PyTorch: weights, order, initial adapters, SGD 0.05, batch 20, the small last batch kept.</summary>
public class GoldenRunTests
{
    private const int Rank = 4;
    private const int Classes = 10;
    private static readonly string[] Layers = ["conv1", "conv2", "dense1", "dense2", "dense3"];

    [Fact]
    [Trait("Category", "Kernels")]
    public void Forward_pass_equals_PyTorch()
    {
        Graph graph = GoldenFiles.PretrainedCnn();
        string[] taps = ["input", "pool1", "flatten", "relu3", "relu4"];
        Graph tapped = graph.With(outputs: [.. taps.Skip(1), "dense3"]);
        using Workers workers = new(1);
        GraphProgram program = GraphProgram.Compile(tapped, 4, new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>(), new ProgramContext(KernelSet.Current, workers));
        float[] samples = new float[4 * 784];
        GoldenFiles.RotatedSample("train").Read([0, 1, 2, 3], samples);
        samples.CopyTo(program.Value("input").Span);
        program.Forward();

        float[] features = GoldenFiles.Floats("feat_first4");
        int width = features.Length / 4;
        for (int sample = 0; sample < 4; sample++)
        {
            float[] row = [.. samples[(sample * 784)..((sample + 1) * 784)], .. taps.Skip(1).SelectMany(tap => Row(program.Value(tap), sample))];
            AssertClose(features.AsSpan(sample * width, width), row, 1e-5f);
        }
        AssertClose(GoldenFiles.Floats("logits_first4"), program.Value("dense3").Span, 1e-4f);
    }

    [Fact]
    [Trait("Category", "Kernels")]
    public void Training_run_equals_PyTorch() => Compare(CacheFormat.Float32);

    // Ten forward passes a sample instead of one, to the same bits: too slow for the scalar form's run of its own.
    [Fact]
    public void Training_run_without_a_cache_equals_PyTorch() => Compare(CacheFormat.None);

    private static void Compare(CacheFormat cache)
    {
        Graph graph = GoldenFiles.PretrainedCnn();
        int[] order = GoldenFiles.Ints("perms");
        FineTuneOptions options = new()
        {
            Method = FineTuneMethod.SkipLora,
            Rank = Rank,
            Epochs = 10,
            BatchSize = 20,
            Optimizer = new Sgd { LearningRate = 0.05f },
            Schedule = Schedule.Constant,
            Tail = TailBatch.Keep,
            Cache = cache,
            Start = Adapter(graph, "init"),
            Order = epoch => order[(epoch * 1024)..((epoch + 1) * 1024)],
        };
        using FineTuner tuner = new(graph, "base", options);
        FineTuneResult result = tuner.Fit(GoldenFiles.RotatedSample("train"));

        float[] losses = GoldenFiles.Floats("losses");
        Assert.Equal(losses.Length, result.Losses.Count);
        for (int step = 0; step < losses.Length; step++)
            Assert.True(MathF.Abs(result.Losses[step] - losses[step]) <= 1e-4f * losses[step], $"step {step}: {result.Losses[step]} is not {losses[step]}");
        foreach ((string name, Tensor expected) in Adapter(graph, "final").Tensors)
            AssertClose(expected.Span, result.Adapter.Tensors[name].Span, 1e-4f);
    }

    // The golden files hold A as N x R, and one B of (5R) x C.
    private static Adapter Adapter(Graph graph, string when)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        float[] up = when == "init" ? new float[Layers.Length * Rank * Classes] : GoldenFiles.Floats("B_final");
        for (int k = 0; k < Layers.Length; k++)
        {
            tensors[$"{Layers[k]}.skip_A.weight"] = Transpose(GoldenFiles.Floats($"A{k}_{when}"), Rank);
            tensors[$"{Layers[k]}.skip_B.weight"] = Transpose(up.AsSpan(k * Rank * Classes, Rank * Classes), Classes);
        }
        return new Adapter(FineTuneMethod.SkipLora, Rank, Rank, "base", tensors.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static Tensor Transpose(ReadOnlySpan<float> values, int columns)
    {
        int rows = values.Length / columns;
        Tensor tensor = new(new Shape(columns, rows));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                tensor.Span[j * rows + i] = values[i * columns + j];
        }
        return tensor;
    }

    private static float[] Row(Tensor tensor, int row) => tensor.Rows(row, 1).Span.ToArray();

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance, $"value {i}: {actual[i]} is not {expected[i]}");
    }
}
