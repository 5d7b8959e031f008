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
    /// The shapes do not fit a node (which the message names), or a value loses the batch on its first axis.
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
        return shapes;
    }

    /// <summary>The shapes of the outputs of one node, checked; errors do not name the node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shapeOf">The shape of a value; rank 0 for "".</param>
    /// <param name="batch">The batch size the outputs must carry, or null if they depend on constants alone.</param>
    internal static ImmutableArray<Shape> Infer(Node node, Func<string, Shape> shapeOf, int? batch)
    {
        ImmutableArray<Shape> outputs;
        try
        {
            outputs = node.Op.InferShapes([.. node.Inputs.Select(shapeOf)]);
        }
        catch (ArgumentException e)
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
            if (batch is { } expected && (shape.Rank == 0 || shape[0] != expected))
                throw new SkiptuneException($"its output of {shape} does not keep the batch of {expected} on its first axis");
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
