using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Takes each Relu or Clip, and a MaxPool behind it, into the Conv before it, where nothing else reads what lies between:
/// what a convolution has just computed is pooled and limited before it leaves the near memory. (The limited largest is
/// the largest of the limited.) For graphs that are only run. Results do not change, but for the sign of a zero.
/// </summary>
internal static class FuseActivations
{
    public static Graph Apply(Graph graph)
    {
        Dictionary<string, int> reads = graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs)
            .CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        // The last node of each chain by the value it makes.
        Dictionary<string, Node> chains = new(StringComparer.Ordinal);
        HashSet<string> taken = new(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            Node kept = node;
            if (node.Inputs.Length > 0 && chains.GetValueOrDefault(node.Inputs[0]) is { Op: Conv conv } before
                && reads[before.Output] == 1 && Join(conv.Epilogue, node.Op) is { } epilogue)
            {
                taken.Add(before.Output);
                kept = before with { Op = conv with { Epilogue = epilogue }, Outputs = node.Outputs };
            }
            foreach (string output in kept.Outputs)
                chains[output] = kept;
        }
        return taken.Count == 0
            ? graph
            : graph.With(graph.Nodes.SelectMany(node => node.Outputs.Take(1)).Where(output => !taken.Contains(output)).Select(output => chains[output]), graph.Constants);
    }

    // One limit, then one pooling: a second of either stays where it is.
    private static Epilogue? Join(Epilogue epilogue, Op op) => op switch
    {
        Relu when epilogue is { Clamps: false, Pool: null } => epilogue with { Low = 0 },
        Clip clip when epilogue is { Clamps: false, Pool: null } => new Epilogue(clip.Min, clip.Max),
        MaxPool pool when epilogue.Pool is null => epilogue with { Pool = pool.Window },
        _ => null,
    };
}
