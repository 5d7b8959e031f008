using System.Collections.Immutable;
using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.FineTuning;

/// <summary>Networks and data small enough for finite differences and for many runs.</summary>
internal static class SmallNetworks
{
    /// <summary>A network with every kind of layer and a branch: 2x6x6 to 3 classes.</summary>
    public static Graph Branched(long seed = 1)
    {
        SeededRandom random = new(seed);
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal);
        void Weight(string name, params ReadOnlySpan<int> shape)
        {
            Tensor tensor = constants[name] = new Tensor(new Shape(shape));
            random.FillUniform(tensor.Span, 0.5f);
        }
        Weight("conv1.weight", 4, 2, 3, 3);
        Weight("conv1.bias", 4);
        Weight("bn.scale", 4);
        Weight("bn.bias", 4);
        Weight("bn.mean", 4);
        Weight("bn.variance", 4);
        foreach (ref float variance in constants["bn.variance"].Span)
            variance += 1;
        Weight("conv2.weight", 4, 4, 3, 3);
        Weight("dense1.weight", 8, 36);
        Weight("dense1.bias", 8);
        Weight("dense2.weight", 8, 3);
        Weight("dense2.bias", 3);
        Node[] nodes =
        [
            new("conv1", new Conv(Window.Square(3, pad: 1)), ["x", "conv1.weight", "conv1.bias"], ["c1"]),
            new("bn", new BatchNormalization(), ["c1", "bn.scale", "bn.bias", "bn.mean", "bn.variance"], ["n1"]),
            new("relu1", new Relu(), ["n1"], ["r1"]),
            new("conv2", new Conv(Window.Square(3, pad: 1)), ["r1", "conv2.weight"], ["c2"]),
            new("add", new Add(), ["c2", "r1"], ["s"]),
            new("pool", new MaxPool(Window.Square(2, stride: 2)), ["s"], ["p"]),
            new("flatten", new Flatten(), ["p"], ["f"]),
            new("dense1", new Gemm(), ["f", "dense1.weight", "dense1.bias"], ["d1"]),
            new("relu2", new Relu(), ["d1"], ["r2"]),
            new("dense2", new Gemm(TransposeB: false), ["r2", "dense2.weight", "dense2.bias"], ["logits"]),
        ];
        return new Graph("branched", [new GraphInput("x", new Shape(2, 6, 6))], nodes, constants.ToImmutableDictionary(StringComparer.Ordinal), ["logits"]);
    }

    /// <summary>That network with nodes behind its logits.</summary>
    /// <param name="output">The value that is the new output.</param>
    /// <param name="nodes">The nodes; the first reads "logits".</param>
    public static Graph WithTail(string output, params Node[] nodes)
    {
        Graph graph = Branched();
        return graph.With(nodes: [.. graph.Nodes, .. nodes], outputs: [output]);
    }

    /// <summary>That network with one score in place of three, and a sigmoid behind it.</summary>
    public static Graph Binary()
    {
        Graph graph = Branched();
        Node[] tail = [new("last", new Gemm(), ["logits", "last.weight"], ["score"]), new("sigmoid", new Sigmoid(), ["score"], ["probability"])];
        return graph.With([.. graph.Nodes, .. tail], graph.Constants.Add("last.weight", new Tensor(new Shape(1, 3), [0.5f, -0.25f, 0.125f])), ["probability"]);
    }

    /// <summary>Random samples for it: each class has a mean of its own.</summary>
    public static TensorDataSet Data(int count = 60, long seed = 2)
    {
        SeededRandom random = new(seed);
        Tensor samples = new(new Shape(count, 2, 6, 6));
        random.FillUniform(samples.Span, 1);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = random.NextInt32(3);
            foreach (ref float value in samples.Rows(i, 1).Span[(labels[i] * 24)..(labels[i] * 24 + 24)])
                value += 0.5f;
        }
        return new TensorDataSet(samples, labels, 3);
    }
}
