using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Makes one <see cref="LayerNormalization"/> of the nodes that older exporters write for it: ReduceMean, Sub, Pow (or
/// Mul), ReduceMean, Add, Sqrt, Div, Mul and perhaps Add, where nothing else reads what lies between. The scale and the
/// bias are then weights that can be trained, and the row is walked in one place.
/// </summary>
internal static class RecognizeLayerNormalization
{
    public static Graph Apply(Graph graph)
    {
        if (!graph.Nodes.Any(node => node.Op is Sqrt))
            return graph;
        Dictionary<string, int> reads = graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs)
            .CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        Dictionary<Node, Node?> changes = new(ReferenceEqualityComparer.Instance);
        foreach (Node division in graph.Nodes.Where(node => node.Op is Div))
        {
            if (new Match(graph, reads, shapes).Find(division) is not { } found)
                continue;
            foreach (Node part in found.Parts)
                changes[part] = null;
            changes[found.Parts[^1]] = found.Whole;
        }
        if (changes.Count == 0)
            return graph;
        Node[] nodes = [.. graph.Nodes.Select(node => changes.GetValueOrDefault(node, node)).OfType<Node>()];
        // The epsilon and the exponent are attributes now.
        HashSet<string> read = new(nodes.SelectMany(node => node.Inputs), StringComparer.Ordinal);
        return graph.With(nodes, graph.Constants.RemoveRange(graph.Constants.Keys.Where(name => !read.Contains(name))));
    }

    // What a division may be the end of, walked backwards and then on to the scale and the bias.
    private sealed class Match(Graph graph, Dictionary<string, int> reads, IReadOnlyDictionary<string, Shape> shapes)
    {
        public (ImmutableArray<Node> Parts, Node Whole)? Find(Node division)
        {
            if (MadeBy<Sqrt>(division.Inputs[1], 1) is not { } root
                || MadeBy<Add>(root.Inputs[0], 1) is not { } sum
                || NumberOf(sum, out string variance) is not { } epsilon
                || epsilon is not (>= 0 and <= 1)
                || MadeBy<Reduce>(variance, 1) is not { } second
                || graph.ProducerOf(second.Inputs[0]) is not { } square
                || reads[square.Output] != 1
                || !Squares(square, division.Inputs[0])
                || MadeBy<Sub>(division.Inputs[0], square.Op is Mul ? 3 : 2) is not { } difference
                || MadeBy<Reduce>(difference.Inputs[1], 1) is not { } first
                || first.Inputs[0] != difference.Inputs[0]
                || AxisOf(first, second) is not { } axis)
            {
                return null;
            }
            int length = shapes[first.Inputs[0]].Product(axis, shapes[first.Inputs[0]].Rank);
            if (Next<Mul>(division, length) is not { } scaled)
                return null;
            (Node Node, string Factor)? shifted = Next<Add>(scaled.Node, length);
            Node last = shifted?.Node ?? scaled.Node;
            Node whole = last with
            {
                Op = new LayerNormalization(axis, epsilon),
                Inputs = shifted is null ? [first.Inputs[0], scaled.Factor] : [first.Inputs[0], scaled.Factor, shifted.Value.Factor],
            };
            ImmutableArray<Node> parts = [first, difference, square, second, sum, root, division, scaled.Node];
            return (shifted is null ? parts : parts.Add(last), whole);
        }

        private Node? MadeBy<T>(string value, int readers)
            where T : Op => graph.ProducerOf(value) is { Op: T } node && reads[value] == readers ? node : null;

        private bool Squares(Node node, string value) => node.Op switch
        {
            Mul => node.Inputs[0] == value && node.Inputs[1] == value,
            Pow => node.Inputs[0] == value && graph.Constants.TryGetValue(node.Inputs[1], out Tensor? power) && power.Shape.Count == 1 && power.Span[0] == 2,
            _ => false,
        };

        // The number that is added, and to what.
        private float? NumberOf(Node sum, out string value)
        {
            int constant = graph.Constants.ContainsKey(sum.Inputs[0]) ? 0 : 1;
            value = sum.Inputs[1 - constant];
            return graph.Constants.TryGetValue(sum.Inputs[constant], out Tensor? number) && number.Shape.Count == 1 ? number.Span[0] : null;
        }

        // The first axis, if both take the mean of the same ones, up to the last.
        private int? AxisOf(Node first, Node second)
        {
            Shape shape = shapes[first.Inputs[0]];
            (Reduce a, Reduce b) = ((Reduce)first.Op, (Reduce)second.Op);
            bool[] marked = Axes.Mark(a.Type, a.Axes, shape);
            int axis = Array.IndexOf(marked, true);
            bool fits = a is { Kind: Reduction.Mean, KeepDims: true } && b is { Kind: Reduction.Mean, KeepDims: true }
                && axis > 0 && !marked.AsSpan(axis).Contains(false) && marked.SequenceEqual(Axes.Mark(b.Type, b.Axes, shape));
            return fits ? axis : null;
        }

        // The only reader of a node, if it combines each row with constants, one for each value of the row.
        private (Node Node, string Factor)? Next<T>(Node node, int length)
            where T : Op
        {
            if (reads.GetValueOrDefault(node.Output) != 1 || graph.ConsumersOf(node.Output).FirstOrDefault() is not { Op: T } reader)
                return null;
            string factor = reader.Inputs[reader.Inputs[0] == node.Output ? 1 : 0];
            return graph.Constants.TryGetValue(factor, out Tensor? values) && values.Shape.Count == length
                && shapes[reader.Output] == shapes[node.Output] && values.Shape == LastOf(shapes[node.Output], values.Shape.Rank)
                ? (reader, factor)
                : null;
        }

        private static Shape LastOf(Shape shape, int rank) => new(shape.Extents.AsSpan()[Math.Max(0, shape.Rank - rank)..]);
    }
}
