using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Computes nodes that depend on no input, with the kernels that would run them.</summary>
internal static class ConstantFolding
{
    /// <summary>The outputs of one node over constants.</summary>
    /// <param name="node">The node.</param>
    /// <param name="constants">The constants it reads.</param>
    public static IEnumerable<KeyValuePair<string, Tensor>> Run(Node node, IReadOnlyDictionary<string, Tensor> constants)
    {
        ImmutableDictionary<string, Tensor> read = node.Inputs.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)
            .ToImmutableDictionary(name => name, name => constants[name], StringComparer.Ordinal);
        Graph graph = new("folding", [], [node], read, node.Outputs);
        using Workers workers = new(1);
        Dictionary<string, Tensor> none = [];
        GraphProgram program = GraphProgram.Compile(graph, 1, none, none, new ProgramContext(KernelSet.Current, workers));
        program.Forward();
        return [.. node.Outputs.Select(name => KeyValuePair.Create(name, program.Value(name).Clone()))];
    }
}
