using System.Collections.Immutable;

namespace Skiptune.Networks;

/// <summary>Joins a Transpose with the Transpose it reads, and leaves out those that change nothing.</summary>
internal static class RemoveTransposes
{
    public static Graph Apply(Graph graph)
    {
        if (!graph.Nodes.Any(node => node.Op is Transpose))
            return graph;
        HashSet<string> outputs = new(graph.Outputs, StringComparer.Ordinal);
        Dictionary<string, string> same = new(StringComparer.Ordinal);
        Dictionary<string, Node> transposes = new(StringComparer.Ordinal);
        List<Node> nodes = [];
        foreach (Node original in graph.Nodes)
        {
            Node node = original with { Inputs = [.. original.Inputs.Select(name => same.GetValueOrDefault(name, name))] };
            if (node.Op is Transpose)
            {
                if (transposes.TryGetValue(node.Inputs[0], out Node? first))
                    node = node with { Op = Join((Transpose)first.Op, (Transpose)node.Op), Inputs = first.Inputs };
                if (((Transpose)node.Op).Order.SequenceEqual(Enumerable.Range(0, ((Transpose)node.Op).Order.Count)) && !outputs.Contains(node.Output))
                {
                    same[node.Output] = node.Inputs[0];
                    continue;
                }
                transposes[node.Output] = node;
            }
            nodes.Add(node);
        }
        return graph.With(DeadNodes.Remove(nodes, graph.Outputs));
    }

    // Axis i of the result is axis second[i] of the middle, which is axis first[second[i]] of the input.
    private static Transpose Join(Transpose first, Transpose second) => new([.. second.Order.Select(axis => first.Order[axis])]);
}

/// <summary>Leaves out transposes that nothing reads any more.</summary>
internal static class DeadNodes
{
    public static ImmutableArray<Node> Remove(IReadOnlyList<Node> nodes, IEnumerable<string> outputs)
    {
        HashSet<string> read = new(outputs, StringComparer.Ordinal);
        List<Node> kept = [];
        foreach (Node node in nodes.Reverse())
        {
            if (node.Op is Transpose && !node.Outputs.Any(read.Contains))
                continue;
            kept.Add(node);
            read.UnionWith(node.Inputs);
        }
        kept.Reverse();
        return [.. kept];
    }
}
