using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Onnx;

/// <summary>Graphs to write, and how to compare what comes back.</summary>
internal static class Graphs
{
    public static Tensor Ramp(params int[] extents)
    {
        Tensor tensor = new(new Shape(extents));
        for (int i = 0; i < tensor.Span.Length; i++)
            tensor.Span[i] = 0.25f * (i % 17 + 1);
        return tensor;
    }

    /// <summary>One node between "x" and "y"; its constants are named c0, c1, ...</summary>
    public static Graph Of(Op op, Shape sample, params Tensor[] constants)
    {
        string[] names = [.. constants.Select((_, i) => $"c{i}")];
        Node node = new("node", op, ["x", .. names], ["y"]);
        return new Graph("one", [new GraphInput("x", sample)], [node], names.Zip(constants).ToImmutableDictionary(c => c.First, c => c.Second), ["y"]);
    }

    /// <summary>A small convolutional network with every kind of layer, and a skip connection.</summary>
    public static Graph Network()
    {
        Window window = Window.Square(3, 1, 1);
        Node[] nodes =
        [
            new("conv1", new Conv(window), ["image", "conv1.w", "conv1.b"], ["a1"]),
            new("bn", new BatchNormalization(1e-3f) { Momentum = 0.8f }, ["a1", "bn.s", "bn.b", "bn.m", "bn.v"], ["a2"]),
            new("relu", new Relu(), ["a2"], ["a3"]),
            new("conv2", new Conv(window, 2), ["a3", "conv2.w"], ["a4"]),
            new("add", new Add(), ["a4", "a3"], ["a5"]),
            new("max", new MaxPool(Window.Square(2, 2)), ["a5"], ["a6"]),
            new("average", new AveragePool(Window.Square(3, 1, 1), CountPadding: true), ["a6"], ["a7"]),
            new("half", new Scale(0.5f), ["a7"], ["a8"]),
            new("reshape", new Reshape([-1, 64]), ["a8"], ["a9"]),
            new("fc1", new Gemm(), ["a9", "fc1.w", "fc1.b"], ["a10"]),
            new("fc2", new Gemm(TransposeB: false), ["a10", "fc2.w"], ["logits"]),
            new("global", new GlobalAveragePool(), ["a3"], ["g1"]),
            new("flat", new Flatten(), ["g1"], ["features"]),
        ];
        Dictionary<string, Tensor> constants = new(StringComparer.Ordinal)
        {
            ["conv1.w"] = Ramp(4, 1, 3, 3),
            ["conv1.b"] = Ramp(4),
            ["bn.s"] = Ramp(4),
            ["bn.b"] = Ramp(4),
            ["bn.m"] = Ramp(4),
            ["bn.v"] = Ramp(4),
            ["conv2.w"] = Ramp(4, 2, 3, 3),
            ["fc1.w"] = Ramp(10, 64),
            ["fc1.b"] = Ramp(10),
            ["fc2.w"] = Ramp(10, 3),
        };
        return new Graph("net", [new GraphInput("image", new Shape(1, 8, 8))], nodes, constants.ToImmutableDictionary(), ["logits", "features"]);
    }

    public static void AssertSame(Graph expected, Graph actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Inputs, actual.Inputs);
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Equal(expected.Nodes.Length, actual.Nodes.Length);
        foreach ((Node left, Node right) in expected.Nodes.Zip(actual.Nodes))
        {
            Assert.Equal((left.Name, left.Op), (right.Name, right.Op));
            Assert.Equal(left.Inputs, right.Inputs);
            Assert.Equal(left.Outputs, right.Outputs);
        }
        Assert.Equal(expected.Constants.Keys.Order(StringComparer.Ordinal), actual.Constants.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, Tensor tensor) in expected.Constants)
        {
            Assert.Equal(tensor.Shape, actual.Constants[name].Shape);
            Assert.Equal(tensor.Span.ToArray(), actual.Constants[name].Span.ToArray());
        }
    }
}
