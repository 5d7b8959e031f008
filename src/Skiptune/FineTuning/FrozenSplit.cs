using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>A value the trained part of a network reads and the frozen part (or the data set) provides.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="SampleShape">One sample's shape.</param>
/// <param name="NonNegative">True if it cannot be below zero, by construction.</param>
/// <param name="IsBaseOutput">True if it is the base model's own output.</param>
internal sealed record FrontierValue(string Name, Shape SampleShape, bool NonNegative, bool IsBaseOutput);

/// <summary>
/// A network cut where training begins: the trunk depends on nothing trained, so its results for a sample never
/// change; the tail is the rest. Any method has such a cut, so the cache serves every one of them.
/// </summary>
internal sealed class FrozenSplit
{
    /// <summary>Cuts a graph.</summary>
    /// <param name="graph">The adapted network.</param>
    /// <param name="changing">The constants that change in training.</param>
    /// <param name="baseOutput">The name of the base model's own output in the graph.</param>
    public FrozenSplit(Graph graph, IReadOnlySet<string> changing, string baseOutput)
    {
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        Func<string, bool> batchFirst = ShapeInference.BatchFirst(graph);
        HashSet<string> dependent = new(changing, StringComparer.Ordinal);
        List<Node> trunk = [];
        List<Node> tail = [];
        foreach (Node node in graph.Nodes)
        {
            bool trained = node.Inputs.Any(dependent.Contains);
            (trained ? tail : trunk).Add(node);
            if (trained)
                dependent.UnionWith(node.Outputs);
        }
        RepeatWhatCannotBeKept(trunk, tail, value => graph.Constants.ContainsKey(value) || (batchFirst(value) && graph.ProducerOf(value) is not { Op.IsLookup: true }));
        dependent.UnionWith(tail.SelectMany(node => node.Outputs));
        HashSet<string> nonNegative = NonNegativeValues(trunk);
        ImmutableArray<string> crossing =
        [
            .. tail.SelectMany(node => node.Inputs).Distinct(StringComparer.Ordinal)
                .Where(name => name.Length > 0 && !dependent.Contains(name) && !graph.Constants.ContainsKey(name)),
        ];
        HashSet<string> inputs = new(graph.Inputs.Select(input => input.Name), StringComparer.Ordinal);
        Frontier =
        [
            .. crossing.Where(name => !inputs.Contains(name))
                .Select(name => new FrontierValue(name, shapes[name].Row(), nonNegative.Contains(name), name == baseOutput)),
        ];
        ReadsSample = crossing.Any(inputs.Contains);
        SampleName = graph.Inputs[0].Name;
        Trunk = Frontier.IsEmpty
            ? null
            : InferencePasses.Apply(new Graph(graph.Name, graph.Inputs, trunk, graph.Constants, [.. Frontier.Select(value => value.Name)]));
        Tail = new Graph(
            graph.Name,
            [.. crossing.Select(name => new GraphInput(name, shapes[name].Row()))],
            tail,
            graph.Constants,
            graph.Outputs);
    }

    /// <summary>What the trunk provides, in the order in which the tail first reads it.</summary>
    public ImmutableArray<FrontierValue> Frontier { get; }

    /// <summary>True if the tail also reads the sample itself, which the data set holds.</summary>
    public bool ReadsSample { get; }

    /// <summary>The name of the network's input.</summary>
    public string SampleName { get; }

    /// <summary>The frozen part; null if nothing of it is worth keeping.</summary>
    public Graph? Trunk { get; }

    /// <summary>The trained part; its inputs are the frontier and perhaps the sample.</summary>
    public Graph Tail { get; }

    // A value without the batch on its first axis cannot be cut into samples, and a look-up is not worth keeping: what makes
    // them is computed in the tail (too).
    private static void RepeatWhatCannotBeKept(List<Node> trunk, List<Node> tail, Func<string, bool> canBeKept)
    {
        HashSet<string> wanted = new(tail.SelectMany(node => node.Inputs).Where(value => value.Length > 0 && !canBeKept(value)), StringComparer.Ordinal);
        for (int i = trunk.Count - 1; i >= 0; i--)
        {
            if (!trunk[i].Outputs.Any(wanted.Contains))
                continue;
            tail.Insert(0, trunk[i]);
            wanted.UnionWith(trunk[i].Inputs.Where(value => value.Length > 0 && !canBeKept(value)));
        }
    }

    private static HashSet<string> NonNegativeValues(IEnumerable<Node> nodes)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (Node node in nodes)
        {
            bool[] inputs = [.. node.Inputs.Select(known.Contains)];
            if (node.Op.IsNonNegative(inputs))
                known.UnionWith(node.Outputs);
        }
        return known;
    }
}
