using Skiptune.Networks;

namespace Skiptune.FineTuning;

/// <summary>What people call an output: a value's name, or that of the node that makes it.</summary>
internal static class OutputName
{
    /// <summary>The value that is meant.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The name of a value or of a node; null for the graph's only output.</param>
    /// <exception cref="SkiptuneException">There is no such value, or there are several outputs and none is named.</exception>
    public static string Resolve(Graph graph, string? name)
    {
        string outputs = string.Join(", ", graph.Outputs.Select(ErrorText.Quote));
        if (name is null)
        {
            return graph.Outputs.Length == 1
                ? graph.Outputs[0]
                : throw new SkiptuneException(ErrorText.OneLine($"the model has {graph.Outputs.Length} outputs: {outputs}; choose one (--output)"));
        }
        if (graph.ProducerOf(name) is not null)
            return name;
        if (graph.Nodes.FirstOrDefault(node => node.Name == name) is { } node)
            return node.Output;
        throw new SkiptuneException(ErrorText.OneLine(
            $"no node of the model, and no value that a node makes, is named {ErrorText.Quote(name)}; the outputs are {outputs}, and 'skiptune inspect' lists the nodes"));
    }
}
