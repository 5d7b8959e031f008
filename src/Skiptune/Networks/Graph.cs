using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>An input of a graph: its name and the shape of one sample (without the batch axis, which is first).</summary>
/// <param name="Name">The value's name.</param>
/// <param name="SampleShape">The shape of one sample.</param>
/// <param name="IsInteger">
/// True for whole numbers such as token ids (int64 in a file; float32, exact below 2^24, in memory). Default false.
/// </param>
public sealed record GraphInput(string Name, Shape SampleShape, bool IsInteger = false)
{
    /// <summary>True (default) if a batch of such samples is given; false if the shape is all there is.</summary>
    public bool HasBatch { get; init; } = true;

    /// <summary>The shape for a batch of that many samples.</summary>
    internal Shape ShapeFor(int batch) => HasBatch ? SampleShape.Prepend(batch) : SampleShape;
}

/// <summary>
/// A network as a directed acyclic graph of operators over named values: immutable, checked when made.
/// Constants (the weights) are shared, never written. Inputs and outputs carry the batch on
/// their first axis.
/// </summary>
public sealed class Graph
{
    /// <summary>The ONNX operator set of graphs that were not read from a file: 17.</summary>
    public const int DefaultOpset = 17;

    private readonly Dictionary<string, Node> _producers = new(StringComparer.Ordinal);

    /// <summary>Creates a graph and puts its nodes into an order in which each comes after what it reads.</summary>
    /// <param name="name">A name for people.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="nodes">The nodes, in any order.</param>
    /// <param name="constants">The weights and other constants by value name.</param>
    /// <param name="outputs">The names of the values that are the graph's results.</param>
    /// <param name="opset">The ONNX operator set the graph was read from.</param>
    /// <exception cref="SkiptuneException">
    /// A value is made twice or by nobody, a node name stands twice, or the nodes form a cycle.
    /// </exception>
    public Graph(
        string name,
        ImmutableArray<GraphInput> inputs,
        IEnumerable<Node> nodes,
        ImmutableDictionary<string, Tensor> constants,
        ImmutableArray<string> outputs,
        int opset = DefaultOpset)
    {
        Opset = opset;
        Name = name;
        Inputs = inputs;
        Constants = constants;
        Outputs = outputs;
        Nodes = Sort([.. nodes]);
    }

    /// <summary>A name for people.</summary>
    public string Name { get; }

    /// <summary>The ONNX operator set the graph was read from, in which it is written again where possible.</summary>
    public int Opset { get; }

    /// <summary>The inputs.</summary>
    public ImmutableArray<GraphInput> Inputs { get; }

    /// <summary>The nodes, each after all whose outputs it reads.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>Weights and other constants by value name.</summary>
    public ImmutableDictionary<string, Tensor> Constants { get; }

    /// <summary>The names of the values that are the graph's results.</summary>
    public ImmutableArray<string> Outputs { get; }

    /// <summary>The node that makes a value, or null for an input or a constant.</summary>
    public Node? ProducerOf(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value, in order.</summary>
    public IEnumerable<Node> ConsumersOf(string value) => Nodes.Where(node => node.Inputs.Contains(value));

    /// <summary>The same graph with some parts exchanged.</summary>
    public Graph With(
        IEnumerable<Node>? nodes = null,
        ImmutableDictionary<string, Tensor>? constants = null,
        ImmutableArray<string>? outputs = null) =>
        new(Name, Inputs, nodes ?? Nodes, constants ?? Constants, outputs ?? Outputs, Opset);

    /// <summary>The part of the graph that some of its values follow from, which become its outputs.</summary>
    internal Graph EndingAt(params ImmutableArray<string> outputs)
    {
        HashSet<string> wanted = new(outputs, StringComparer.Ordinal);
        List<Node> needed = [];
        foreach (Node node in Nodes.Reverse().Where(node => node.Outputs.Any(wanted.Contains)))
        {
            needed.Add(node);
            wanted.UnionWith(node.Inputs);
        }
        needed.Reverse();
        return With(nodes: needed, outputs: outputs);
    }

    private ImmutableArray<Node> Sort(Node[] nodes)
    {
        HashSet<string> known = new(Constants.Keys, StringComparer.Ordinal) { "" };
        foreach (GraphInput input in Inputs)
        {
            if (!known.Add(input.Name))
                throw new SkiptuneException($"the value '{input.Name}' is defined twice");
        }
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (Node node in nodes)
        {
            if (!names.Add(node.Name))
                throw new SkiptuneException($"two nodes have the name '{node.Name}'");
            foreach (string output in node.Outputs)
            {
                if (known.Contains(output) || !_producers.TryAdd(output, node))
                    throw new SkiptuneException($"the value '{output}' is defined twice");
            }
        }
        ImmutableArray<Node>.Builder sorted = ImmutableArray.CreateBuilder<Node>(nodes.Length);
        Dictionary<Node, int> missing = new(ReferenceEqualityComparer.Instance);
        Dictionary<string, List<Node>> readers = new(StringComparer.Ordinal);
        Queue<Node> ready = new();
        foreach (Node node in nodes)
        {
            int count = 0;
            foreach (string value in node.Inputs.Distinct(StringComparer.Ordinal).Where(value => !known.Contains(value)))
            {
                if (!_producers.ContainsKey(value))
                    throw new SkiptuneException($"node '{node.Name}' reads '{value}', which nothing defines");
                (readers.TryGetValue(value, out List<Node>? list) ? list : readers[value] = []).Add(node);
                count++;
            }
            missing[node] = count;
            if (count == 0)
                ready.Enqueue(node);
        }
        while (ready.TryDequeue(out Node? node))
        {
            sorted.Add(node);
            foreach (string output in node.Outputs)
            {
                foreach (Node reader in readers.GetValueOrDefault(output, []))
                {
                    if (--missing[reader] == 0)
                        ready.Enqueue(reader);
                }
            }
        }
        if (sorted.Count != nodes.Length)
            throw new SkiptuneException($"the graph has a cycle through node '{nodes.First(node => missing[node] > 0).Name}'");
        foreach (string output in Outputs)
        {
            if (!known.Contains(output) && !_producers.ContainsKey(output))
                throw new SkiptuneException($"the output '{output}' is defined by nothing");
        }
        return sorted.MoveToImmutable();
    }
}
