using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The shapes of all values of a graph.</summary>
public static class ShapeInference
{
    /// <summary>Infers the shape of every value: inputs, constants and what the nodes make.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">The extent of the batch axis.</param>
    /// <exception cref="SkiptuneException">The shapes do not fit a node; the message names it.</exception>
    public static IReadOnlyDictionary<string, Shape> Infer(Graph graph, int batch)
    {
        Dictionary<string, Shape> shapes = new(StringComparer.Ordinal) { [""] = new Shape() };
        foreach ((string name, Tensor tensor) in graph.Constants)
            shapes[name] = tensor.Shape;
        foreach (GraphInput input in graph.Inputs)
            shapes[input.Name] = Guard($"input '{input.Name}'", () => input.SampleShape.Prepend(batch));
        foreach (Node node in graph.Nodes)
        {
            ImmutableArray<Shape> inputs = [.. node.Inputs.Select(name => shapes[name])];
            ImmutableArray<Shape> outputs = Guard($"node '{node.Name}'", () => node.Op.InferShapes(inputs));
            for (int i = 0; i < node.Outputs.Length; i++)
                shapes[node.Outputs[i]] = outputs[i];
        }
        return shapes;
    }

    private static T Guard<T>(string what, Func<T> infer)
    {
        try
        {
            return infer();
        }
        catch (Exception exception) when (exception is SkiptuneException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            throw new SkiptuneException($"{what}: {exception.Message}", exception);
        }
    }
}
