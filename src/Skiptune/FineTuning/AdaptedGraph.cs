using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>A base network with a method's additions, before its first step.</summary>
/// <param name="Base">The base network, with a new head if there is one.</param>
/// <param name="Graph">The network; new parameters stand among its constants with their initial values.</param>
/// <param name="Layer">Its output layer, which has the same names in both.</param>
/// <param name="Trained">The constants that the optimizer changes.</param>
/// <param name="State">The constants that the forward pass changes (running statistics).</param>
/// <param name="BaseOutput">The name that the base's own scores have in the graph.</param>
internal sealed record AdaptedGraph(
    Graph Base, Graph Graph, OutputLayer Layer, ImmutableArray<string> Trained, ImmutableArray<string> State, string BaseOutput)
{
    /// <summary>What the skip adapters read, as rules that choose exactly that; empty for other methods.</summary>
    public ImmutableArray<TapRule> Taps { get; init; } = [];

    /// <summary>The products of matrices that stand for a change of a base's weight; empty for methods without them.</summary>
    public ImmutableArray<LowRankUpdate> Updates { get; init; } = [];

    /// <summary>All constants that differ from the base's, in a fixed order.</summary>
    public ImmutableArray<string> Changing => [.. Trained, .. State];

    /// <summary>The number of values the optimizer changes.</summary>
    public long TrainedCount => Trained.Sum(name => (long)Graph.Constants[name].Shape.Count);

    /// <summary>The same network with other values for constants that change.</summary>
    public Graph WithValues(IEnumerable<KeyValuePair<string, Tensor>> values) =>
        Graph.With(constants: Graph.Constants.SetItems(values));
}
