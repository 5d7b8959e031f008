using System.Collections.Immutable;

namespace Skiptune.Networks;

/// <summary>One use of an operator in a graph.</summary>
/// <param name="Name">Its name, unique in the graph.</param>
/// <param name="Op">What it computes.</param>
/// <param name="Inputs">Names of the values it reads; "" for an optional input left out.</param>
/// <param name="Outputs">Names of the values it makes.</param>
public sealed record Node(string Name, Op Op, ImmutableArray<string> Inputs, ImmutableArray<string> Outputs)
{
    /// <summary>The only output of a node that has one.</summary>
    public string Output => Outputs[0];
}
