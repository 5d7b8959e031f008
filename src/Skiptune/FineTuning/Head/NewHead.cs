using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Gives a network another number of classes: its last dense layer is replaced by a new one, or, where the output is no
/// dense layer's (an embedding), a new one is put behind it. Base and method then see an ordinary network.
/// </summary>
internal static class NewHead
{
    public const string Weight = "head.weight";
    public const string Bias = "head.bias";

    private const string Node = "head";
    private const string Flat = "head/input";

    /// <summary>The network with a head of zeros.</summary>
    public static Graph Attach(Graph graph, int classes)
    {
        string output = graph.Outputs[0];
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        List<Node> nodes = [.. graph.Nodes];
        string features = output;
        if (graph.ProducerOf(output) is { Op: Gemm } last && !graph.ConsumersOf(output).Any())
        {
            features = last.Inputs[0];
            nodes.Remove(last);
        }
        int width = shapes[features].RowCount;
        if (shapes[features].Rank != 2)
        {
            nodes.Add(new Node(Flat, new Flatten(), [features], [Flat]));
            features = Flat;
        }
        string logits = Node + "/output";
        nodes.Add(new Node(Node, new Gemm(), [features, Weight, Bias], [logits]));
        ImmutableDictionary<string, Tensor> constants = graph.Constants
            .SetItem(Weight, new Tensor(new Shape(classes, width)))
            .SetItem(Bias, new Tensor(new Shape(classes)));
        return graph.With(nodes, constants, [logits]);
    }
}
