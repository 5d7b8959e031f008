using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Tests.Loop;

/// <summary>Three kinds of noisy patterns, a network that knows them, and a stream whose sensor changes: every value gets an offset and half of them change sign.</summary>
internal static class SmallStream
{
    public const int Length = 12;
    public const int Classes = 3;

    private static readonly Lazy<Model> s_model = new(Train);

    public static Model Model => s_model.Value;

    /// <summary>Samples in turn of each class.</summary>
    public static TensorDataSet Samples(int count, bool drifted, long seed)
    {
        SeededRandom random = new(seed);
        Tensor values = new(new Shape(count, Length));
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % Classes;
            Sample(random, labels[i], drifted).CopyTo(values.Rows(i, 1).Span);
        }
        return new TensorDataSet(values, labels, Classes);
    }

    /// <summary>The same as a stream of which every sample has its label, an id and a position.</summary>
    public static StreamSample[] Stream(int before, int after, long seed, string source = "test")
    {
        DataSet[] parts = [Samples(before, drifted: false, seed), Samples(after, drifted: true, seed + 1)];
        List<StreamSample> stream = [];
        foreach (DataSet part in parts)
        {
            for (int i = 0; i < part.Count; i++)
            {
                float[] x = new float[Length];
                part.Read([i], x);
                stream.Add(new StreamSample { Features = x, Label = part.Labels[i], Source = source, Id = $"m{stream.Count}", Position = new SourcePosition(stream.Count + 1) });
            }
        }
        return [.. stream];
    }

    public static LearnerOptions Options() => new()
    {
        Monitors = [new DriftMonitor("shift", new MeanShift(), DriftSignal.Error)],
        Anomaly = new DistanceScore(Length),
        Collection = new CollectionOptions { MinimumSamples = 90 },
        FineTuning = new FineTuneOptions { Epochs = 20, Threads = 1 },
        CoolDown = 30,
        SnapshotEvery = 16,
        InBackground = false,
    };

    private static float[] Sample(SeededRandom random, int label, bool drifted)
    {
        float[] x = new float[Length];
        for (int i = 0; i < Length; i++)
        {
            float value = MathF.Sin(1 + i * (label + 1)) + 0.7f * (random.NextSingle() + random.NextSingle() - 1);
            x[i] = drifted ? 0.5f + (i % 2 == 0 ? -value : value) : value;
        }
        return x;
    }

    private static Model Train()
    {
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        foreach ((string name, Shape shape) in new[] { ("dense1", new Shape(24, Length)), ("dense2", new Shape(Classes, 24)) })
        {
            SeededRandom random = new(7, constants.Count);
            constants[$"{name}.weight"] = new Tensor(shape);
            constants[$"{name}.bias"] = new Tensor(new Shape(shape[0]));
            random.FillUniform(constants[$"{name}.weight"].Span, 1 / MathF.Sqrt(shape[1]));
        }
        Node[] nodes =
        [
            new("dense1", new Gemm(), ["input", "dense1.weight", "dense1.bias"], ["dense1"]),
            new("relu", new Relu(), ["dense1"], ["relu"]),
            new("dense2", new Gemm(), ["relu", "dense2.weight", "dense2.bias"], ["dense2"]),
        ];
        Model model = new(new Graph("small", [new GraphInput("input", new Shape(Length))], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["dense2"]));
        using FineTuner tuner = model.CreateFineTuner(new FineTuneOptions { Method = FineTuneMethod.FtAll, Epochs = 30, Threads = 1 });
        return model.WithAdapter(tuner.Fit(Samples(300, drifted: false, 1)).Adapter);
    }
}
