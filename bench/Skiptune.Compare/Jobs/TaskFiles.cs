using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Skiptune.Data;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Compare.Jobs;

/// <summary>The reference task as raw arrays, so that the peer starts from the same values and sees them in the same order.</summary>
internal static class TaskFiles
{
    public static void Write(ReferenceTask task, string folder)
    {
        Samples(folder, "train", task.Train);
        Samples(folder, "test", task.Test);
        Graph graph = task.Model.Graph;
        string[] weights = [.. graph.Nodes.Where(node => node.Op is Conv or Gemm).SelectMany(node => node.Inputs.Skip(1))];
        for (int i = 0; i < weights.Length; i++)
            Array<float>(folder, $"base{i}.f32", graph.Constants[weights[i]].Span);
        Downs(folder, "skip_a", graph, FineTuneMethod.Skip2Lora);
        Downs(folder, "lora_a", graph, FineTuneMethod.LoraAll);
        Orders(folder);
        JsonObject settings = new()
        {
            ["rate"] = ReferenceTask.Rate,
            ["adam_rate"] = ReferenceTask.AdamRate,
            ["batches"] = new JsonArray([.. BatchPlan.Cut(ReferenceTask.Samples, ReferenceTask.BatchSize, TailBatch.Spread).Select(size => (JsonNode)size)]),
        };
        File.WriteAllText(Path.Combine(folder, "task.json"), settings.ToJsonString());
    }

    private static void Samples(string folder, string name, DataSet set)
    {
        float[] values = new float[set.Count * set.SampleShape.Count];
        set.Read([.. Enumerable.Range(0, set.Count)], values);
        Array<float>(folder, $"{name}_x.f32", values);
        Array(folder, $"{name}_y.i32", set.Labels);
    }

    // The initial values of the A; every B is zero.
    private static void Downs(string folder, string name, Graph graph, FineTuneMethod method)
    {
        AdaptedGraph adapted = method.Adapt(graph, new FineTuneOptions().AdapterOptions);
        int layer = 0;
        foreach (string parameter in adapted.Trained.Where(parameter => parameter.Contains("_A.", StringComparison.Ordinal)))
            Array<float>(folder, $"{name}{layer++}.f32", adapted.Graph.Constants[parameter].Span);
    }

    private static void Orders(string folder)
    {
        int[] orders = new int[ReferenceTask.Epochs * ReferenceTask.Samples];
        for (int epoch = 0; epoch < ReferenceTask.Epochs; epoch++)
        {
            Span<int> order = orders.AsSpan(epoch * ReferenceTask.Samples, ReferenceTask.Samples);
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            new SeededRandom(0, RandomStreams.Order + epoch).Shuffle(order);
        }
        Array<int>(folder, "orders.i32", orders);
    }

    private static void Array<T>(string folder, string name, ReadOnlySpan<T> values)
        where T : unmanaged =>
        File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values));
}
