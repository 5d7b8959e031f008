using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>A base network with a method's additions, before its first step.</summary>
/// <param name="Graph">The network; new parameters stand among its constants with their initial values.</param>
/// <param name="Trained">The constants that the optimizer changes.</param>
/// <param name="State">The constants that the forward pass changes (running statistics).</param>
/// <param name="BaseOutput">The name that the base's own output has in the graph.</param>
internal sealed record AdaptedGraph(Graph Graph, ImmutableArray<string> Trained, ImmutableArray<string> State, string BaseOutput)
{
    /// <summary>What the skip adapters read, as rules that choose exactly that; empty for other methods.</summary>
    public ImmutableArray<TapRule> Taps { get; init; } = [];

    /// <summary>All constants that differ from the base's, in a fixed order.</summary>
    public ImmutableArray<string> Changing => [.. Trained, .. State];

    /// <summary>The number of values the optimizer changes.</summary>
    public long TrainedCount => Trained.Sum(name => (long)Graph.Constants[name].Shape.Count);

    /// <summary>The same network with other values for constants that change.</summary>
    public Graph WithValues(IEnumerable<KeyValuePair<string, Tensor>> values) =>
        Graph.With(constants: Graph.Constants.SetItems(values));
}
