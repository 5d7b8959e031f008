using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Finds what makes one value of all samples of a batch, such as the largest value of a batch that a spectrogram's levels
/// are cut below. A network with such a node answers for a sample as if alone only in a batch of 1, and is run so.
/// </summary>
internal static class BatchMixing
{
    /// <summary>The first node whose inputs grow with the batch while an output does not, or which sums over it; or null.</summary>
    /// <param name="graph">The network.</param>
    public static Node? FirstNode(Graph graph)
    {
        IReadOnlyDictionary<string, Shape> two = ShapeInference.Infer(graph, 2);
        IReadOnlyDictionary<string, Shape> three = ShapeInference.Infer(graph, 3);
        bool Grows(string value) => value.Length > 0 && two[value] != three[value];
        return graph.Nodes.FirstOrDefault(node => node.Inputs.Any(Grows) && (!node.Outputs.All(Grows) || SumsOverBatch(node)));

        // A softmax keeps its input's shape, and yet makes each value of all along its axis.
        bool SumsOverBatch(Node node)
        {
            if (node.Op is not Softmax softmax)
                return false;
            (Shape of2, Shape of3) = (two[node.Inputs[0]], three[node.Inputs[0]]);
            int axis = softmax.Axis < 0 ? softmax.Axis + of2.Rank : softmax.Axis;
            return of2.Product(axis, softmax.ToEnd ? of2.Rank : axis + 1) != of3.Product(axis, softmax.ToEnd ? of3.Rank : axis + 1);
        }
    }

    /// <summary>The samples a batch may have: as many as wanted, or 1.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="wanted">At least 1.</param>
    public static int Limit(Graph graph, int wanted) => FirstNode(graph) is null ? wanted : 1;
}
