using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Finds the shape of every value of a graph for one batch size, and with it checks that the graph can run.</summary>
public static class ShapeInference
{
    /// <summary>The most elements a value may have for one sample: 2^28, 1 GiB.</summary>
    public const int MaxSampleElements = 1 << 28;

    /// <summary>The shapes of all inputs, constants and outputs of nodes, by value name.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Samples in a batch; at least 1.</param>
    /// <exception cref="SkiptuneException">
    /// The shapes do not fit a node (which the message names), or an output loses the batch on its first axis. Values between may carry it elsewhere.
    /// </exception>
    public static IReadOnlyDictionary<string, Shape> Infer(Graph graph, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        Dictionary<string, Shape> shapes = new(StringComparer.Ordinal);
        HashSet<string> batched = new(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in graph.Constants)
            shapes[name] = tensor.Shape;
        foreach (GraphInput input in graph.Inputs)
        {
            shapes[input.Name] = Guard($"input {ErrorText.Quote(input.Name)}", () => input.ShapeFor(batch));
            if (input.HasBatch)
                batched.Add(input.Name);
        }
        foreach (Node node in graph.Nodes)
        {
            bool carriesBatch = node.Inputs.Any(batched.Contains);
            ImmutableArray<Shape> outputs = Guard(
                $"node {ErrorText.Quote(node.Name)}",
                () => Infer(node, name => name.Length == 0 ? default : shapes[name], carriesBatch ? batch : null));
            for (int i = 0; i < node.Outputs.Length; i++)
            {
                shapes[node.Outputs[i]] = outputs[i];
                if (carriesBatch)
                    batched.Add(node.Outputs[i]);
            }
        }
        foreach (string output in graph.Outputs.Where(batched.Contains))
        {
            if (shapes[output].Rank == 0 || shapes[output][0] != batch)
            {
                string maker = graph.ProducerOf(output) is { } node ? $"node {ErrorText.Quote(node.Name)}" : $"output {ErrorText.Quote(output)}";
                throw new SkiptuneException(ErrorText.OneLine($"{maker}: its output of {shapes[output]} does not keep the batch of {batch} on its first axis"));
            }
        }
        return shapes;
    }

    /// <summary>True for values that carry the batch on their first axis, and on no other, whatever its size.</summary>
    /// <param name="graph">The graph.</param>
    internal static Func<string, bool> BatchFirst(Graph graph)
    {
        IReadOnlyDictionary<string, Shape> two = Infer(graph, 2);
        IReadOnlyDictionary<string, Shape> three = Infer(graph, 3);
        return name => two[name].Rank > 0 && two[name][0] == 2 && three[name] == two[name].WithBatch(3);
    }

    /// <summary>The shapes of the outputs of one node, checked; errors do not name the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shapeOf">The shape of a value; rank 0 for "".</param>
    /// <param name="batch">The batch size the outputs carry, or null if they depend on constants alone.</param>
    internal static ImmutableArray<Shape> Infer(Node node, Func<string, Shape> shapeOf, int? batch)
    {
        ImmutableArray<Shape> outputs;
        try
        {
            outputs = node.Op.InferShapes([.. node.Inputs.Select(shapeOf)]);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            // Shape refuses extents below zero and products above its limit this way.
            throw new SkiptuneException($"its output is not a possible tensor: {e.Message}", e);
        }
        if (outputs.Length < node.Outputs.Length)
            throw new SkiptuneException($"{node.Op.Type} makes {outputs.Length} values, not {node.Outputs.Length}");
        foreach (Shape shape in outputs)
        {
            if (shape.Count == 0)
                throw new SkiptuneException($"its output of {shape} is empty");
            if (shape.Count / (batch ?? 1) > MaxSampleElements)
                throw new SkiptuneException($"its output of {shape} is larger than {MaxSampleElements} elements a sample");
        }
        return outputs;
    }

    private static T Guard<T>(string subject, Func<T> infer)
    {
        try
        {
            return infer();
        }
        catch (Exception e) when (e is SkiptuneException or ArgumentException)
        {
            throw new SkiptuneException(ErrorText.OneLine($"{subject}: {e.Message}"), e);
        }
    }
}
