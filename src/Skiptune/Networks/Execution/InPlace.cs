using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>A parameter, its optimizer state and the step to make.</summary>
/// <param name="value">The parameter.</param>
/// <param name="states">The optimizer's state: none, one or two tensors.</param>
internal sealed class ParameterUpdate(Tensor value, Tensor[] states)
{
    public Tensor Value { get; } = value;

    public Tensor[] States { get; } = states;

    /// <summary>To be set before each backward pass.</summary>
    public OptimizerStep Step { get; set; }

    public Span<float> First => States.Length > 0 ? States[0].Span : default;

    public Span<float> Second => States.Length > 1 ? States[1].Span : default;
}

/// <summary>
/// What a program reads and writes where it lies instead of in buffers: inputs whose samples are rows somewhere
/// else, and parameters that the backward pass updates. The operators say what they can.
/// </summary>
internal sealed class InPlace
{
    private InPlace(ImmutableDictionary<string, RowFormat> rows, ImmutableDictionary<string, ParameterUpdate> updates) => (Rows, Updates) = (rows, updates);

    /// <summary>Nothing.</summary>
    public static InPlace None { get; } = new(ImmutableDictionary<string, RowFormat>.Empty, ImmutableDictionary<string, ParameterUpdate>.Empty);

    /// <summary>The inputs of the graph read where they lie, and how they are written there.</summary>
    public ImmutableDictionary<string, RowFormat> Rows { get; }

    /// <summary>The parameters updated by the operator that uses them.</summary>
    public ImmutableDictionary<string, ParameterUpdate> Updates { get; }

    /// <summary>Takes of what is offered what the graph's operators can work on in place.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rows">Inputs whose samples may lie somewhere else.</param>
    /// <param name="trained">All constants that are trained.</param>
    public static InPlace Of(Graph graph, IEnumerable<KeyValuePair<string, RowFormat>> rows, IReadOnlyDictionary<string, ParameterUpdate> trained)
    {
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        return new InPlace(
            rows.Where(pair => !graph.Outputs.Contains(pair.Key) && Uses(pair.Key).All(use =>
                use.Node.Op.ReadsRows(use.Input, [.. use.Node.Inputs.Select(name => name.Length == 0 ? new Shape([]) : shapes[name])]))).ToImmutableDictionary(StringComparer.Ordinal),
            trained.Where(pair => !graph.Outputs.Contains(pair.Key) && Uses(pair.Key).ToArray() is [var use] && use.Node.Op.UpdatesInPlace(use.Input))
                .ToImmutableDictionary(StringComparer.Ordinal));

        IEnumerable<(Node Node, int Input)> Uses(string value) =>
            from node in graph.Nodes
            from input in Enumerable.Range(0, node.Inputs.Length)
            where node.Inputs[input] == value
            select (node, input);
    }
}
