using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Finds what makes one value of all samples of a batch, such as the largest value of a batch that a spectrogram's levels
/// are cut below. A network with such a node answers for a sample as if alone only in a batch of 1, and is run so.
/// </summary>
internal static class BatchMixing
{
    /// <summary>The first node whose inputs grow with the batch while an output does not, or null.</summary>
    /// <param name="graph">The network.</param>
    public static Node? FirstNode(Graph graph)
    {
        IReadOnlyDictionary<string, Shape> two = ShapeInference.Infer(graph, 2);
        IReadOnlyDictionary<string, Shape> three = ShapeInference.Infer(graph, 3);
        bool Grows(string value) => value.Length > 0 && two[value] != three[value];
        return graph.Nodes.FirstOrDefault(node => node.Inputs.Any(Grows) && !node.Outputs.All(Grows));
    }

    /// <summary>The samples a batch may have: as many as wanted, or 1.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="wanted">At least 1.</param>
    public static int Limit(Graph graph, int wanted) => FirstNode(graph) is null ? wanted : 1;
}
