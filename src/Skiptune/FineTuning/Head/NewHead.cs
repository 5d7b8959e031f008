using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// Gives a network another number of classes: the layer that makes its scores is replaced by a new one, or, where no single
/// layer makes them (an embedding), a new one is put behind. An activation behind the scores is kept, in its kind. Base and
/// method then see an ordinary network with one output.
/// </summary>
internal static class NewHead
{
    public const string Name = "head";
    public const string Weight = "head.weight";
    public const string Bias = "head.bias";

    private const string Flat = "head/input";
    private const string Scores = "head/scores";
    private const string Output = "head/output";

    /// <summary>The network with a head of zeros, and its output layer.</summary>
    public static (Graph Graph, OutputLayer Layer) Attach(Graph graph, OutputLayer layer, int classes)
    {
        string features = FeaturesBefore(graph, layer.Scores);
        Shape shape = ShapeInference.Infer(graph, 1)[features];
        List<Node> nodes = [.. graph.EndingAt(features).Nodes];
        if (shape.Rank != 2)
        {
            nodes.Add(new Node(Flat, new Flatten(), [features], [Flat]));
            features = Flat;
        }
        Op? activation = OutputLayer.OpOf(layer.Activation);
        nodes.Add(new Node(Name, new Gemm(), [features, Weight, Bias], [activation is null ? Output : Scores]));
        if (activation is not null)
            nodes.Add(new Node(Output, activation, [Scores], [Output]));
        ImmutableDictionary<string, Tensor> constants = graph.Constants
            .SetItem(Weight, new Tensor(new Shape(classes, shape.RowCount)))
            .SetItem(Bias, new Tensor(new Shape(classes)));
        Graph headed = graph.With(nodes, constants, [Output]);
        return (headed, OutputLayer.Find(headed, Output));
    }

    /// <summary>What the head of a network reads.</summary>
    public static string FeaturesOf(Graph headed) => headed.Nodes.Single(node => node.Name == Name).Inputs[0];

    // What the layer reads that makes the scores, perhaps in another shape; the scores themselves if it is no dense layer.
    private static string FeaturesBefore(Graph graph, string scores)
    {
        Func<string, bool> batchFirst = ShapeInference.BatchFirst(graph);
        string value = scores;
        while (graph.ProducerOf(value) is { Op: ReshapeOp } node && batchFirst(node.Inputs[0]))
            value = node.Inputs[0];
        return graph.ProducerOf(value) is { Op: Gemm } last && batchFirst(last.Inputs[0]) ? last.Inputs[0] : scores;
    }
}
