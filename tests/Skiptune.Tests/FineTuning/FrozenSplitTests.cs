using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Tests.Networks;
using Skiptune.Tests.Onnx;

namespace Skiptune.Tests.FineTuning;

public class FrozenSplitTests
{
    [Fact]
    public void Values_with_the_batch_elsewhere_are_not_kept_but_made_again()
    {
        // x (n, 2, 3) -> relu -> (2, n, 3), read by the trained part and by another node of the frozen part.
        Node[] nodes =
        [
            new("relu", new Relu(), ["x"], ["a"]), new("turn", new Transpose([1, 0, 2]), ["a"], ["b"]), new("frozen", new Relu(), ["b"], ["c"]),
            new("back", new Transpose([1, 0, 2]), ["c"], ["d"]), new("rows", new Reshape([-1, 3]), ["b"], ["e"]), new("layer", new Gemm(), ["e", "w"], ["f"]),
            new("split", new Reshape([2, -1, 3]), ["f"], ["g"]), new("end", new Transpose([1, 0, 2]), ["g"], ["h"]), new("sum", new Add(), ["h", "d"], ["y"]),
        ];
        Graph graph = new("g", [new GraphInput("x", new Shape(2, 3))], nodes, ImmutableDictionary<string, Tensor>.Empty.Add("w", Graphs.Ramp(3, 3)), ["y"]);
        FrozenSplit split = new(graph, ImmutableHashSet.Create("w"), "y");
        Assert.Equal(["a", "d"], split.Frontier.Select(value => value.Name).Order());
        Tensor[] kept = Programs.Run(split.Trunk!, 2);
        string[] names = [.. split.Frontier.Select(value => value.Name)];
        Tensor tail = Programs.Run(split.Tail, 2, (name, tensor) => kept[Array.IndexOf(names, name)].Span.CopyTo(tensor.Span))[0];
        Assert.Equal(Programs.Run(graph, 2)[0].Span.ToArray(), tail.Span.ToArray());
    }
}
