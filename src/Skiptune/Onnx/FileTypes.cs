using Skiptune.Networks;

namespace Skiptune.Onnx;

/// <summary>
/// Which values of a graph are not floats in the file. In memory all are; in the file indices are int64 and conditions
/// bool. A value has such a type where it is made so and all who read it take it so; elsewhere there are casts.
/// </summary>
internal sealed class FileTypes
{
    // What a cast takes.
    private const int Any = 0;

    private readonly Dictionary<string, int> _types = new(StringComparer.Ordinal);

    public FileTypes(Graph graph)
    {
        Dictionary<string, HashSet<int>> reads = new(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            for (int position = 0; position < node.Inputs.Length; position++)
            {
                if (!reads.TryGetValue(node.Inputs[position], out HashSet<int>? taken))
                    reads[node.Inputs[position]] = taken = [];
                taken.Add(TakenBy(node.Op, position));
            }
        }
        foreach (GraphInput input in graph.Inputs.Where(input => input.IsInteger))
            _types[input.Name] = ElementType.Int64;
        foreach (string constant in graph.Constants.Keys)
        {
            if (reads.TryGetValue(constant, out HashSet<int>? taken) && taken.Count == 1 && taken.Single() is ElementType.Int64 or ElementType.Bool)
                _types[constant] = taken.Single();
        }
        foreach (Node node in graph.Nodes.Where(node => !node.Outputs.Any(graph.Outputs.Contains)))
        {
            int made = MadeBy(node.Op);
            if (made != ElementType.Float && reads.GetValueOrDefault(node.Output, []).All(taken => taken == made || taken == Any))
                _types[node.Output] = made;
        }
    }

    /// <summary>The element type of a value in the file.</summary>
    public int Of(string value) => _types.GetValueOrDefault(value, ElementType.Float);

    /// <summary>The element type an operator makes by itself.</summary>
    public static int MadeBy(Op op) => op switch
    {
        Compare or Cast { Target: CastTarget.Boolean } => ElementType.Bool,
        Cast => ElementType.Int64,
        _ => ElementType.Float,
    };

    /// <summary>True if an input may have any type as it is.</summary>
    public static bool TakesAny(Op op) => op is Cast;

    private static int TakenBy(Op op, int position) => (op, position) switch
    {
        (Gather, 1) => ElementType.Int64,
        (Where, 0) => ElementType.Bool,
        (Cast, _) => Any,
        _ => ElementType.Float,
    };
}
