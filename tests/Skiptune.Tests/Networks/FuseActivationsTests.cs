using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Tests.Networks;

/// <summary>Activations and poolings taken into convolutions, against the plain graph.</summary>
public class FuseActivationsTests
{
    public static TheoryData<int, bool, int, int> Cases => new()
    {
        { 1, true, 2, 2 }, { 1, false, 2, 2 }, { 3, false, 3, 2 }, { 6, false, 3, 2 }, { 6, true, 2, 1 }, { 2, false, 3, 3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_do_not_change(int groups, bool bias, int pool, int stride)
    {
        SeededRandom random = new(groups, pool);
        Tensor weight = Uniform(new Shape(12, 6 / groups, 3, 3)), offset = Uniform(new Shape(12));
        string[] inputs = bias ? ["x", "w", "b"] : ["x", "w"];
        Graph plain = new(
            "plain",
            [new GraphInput("x", new Shape(6, 13, 17))],
            [
                new Node("conv", new Conv(Window.Square(3, pad: 1), groups), [.. inputs], ["c"]),
                new Node("relu", random.NextInt32(2) == 0 ? new Relu() : new Clip(0, 0.5f), ["c"], ["r"]),
                new Node("pool", new MaxPool(Window.Square(pool, stride) with { PadTop = pool - 2, PadLeft = pool - 2 }), ["r"], ["y"]),
            ],
            ImmutableDictionary<string, Tensor>.Empty.Add("w", weight).Add("b", offset),
            ["y"]);
        Graph fused = FuseActivations.Apply(plain);
        Assert.Single(fused.Nodes);
        Tensor x = Uniform(new Shape(2, 6, 13, 17));
        Tensor[] expected = Programs.Run(plain, 2, (_, tensor) => x.Span.CopyTo(tensor.Span));
        Tensor[] actual = Programs.Run(fused, 2, (_, tensor) => x.Span.CopyTo(tensor.Span));
        Assert.Equal(expected[0].Span, actual[0].Span);

        Tensor Uniform(Shape shape)
        {
            Tensor tensor = new(shape);
            random.FillUniform(tensor.Span, 1);
            return tensor;
        }
    }

    [Fact]
    public void What_others_read_stays()
    {
        Graph graph = new(
            "two readers",
            [new GraphInput("x", new Shape(1, 4, 4))],
            [
                new Node("conv", new Conv(Window.Square(3)), ["x", "w"], ["c"]),
                new Node("relu", new Relu(), ["c"], ["r"]),
                new Node("pool", new MaxPool(Window.Square(2)), ["r"], ["y"]),
            ],
            ImmutableDictionary<string, Tensor>.Empty.Add("w", new Tensor(new Shape(1, 1, 3, 3))),
            ["r", "y"]);
        Graph fused = FuseActivations.Apply(graph);
        Assert.Equal(["Conv", "MaxPool"], fused.Nodes.Select(node => node.Op.Type));
        Assert.Equal(["r"], fused.Nodes[0].Outputs);
    }
}
