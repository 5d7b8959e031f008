using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A graph made ready for one batch size: every buffer placed, every operator bound. Runs without allocating.
/// </summary>
internal sealed class GraphProgram
{
    private readonly Dictionary<string, Tensor> _values;
    private readonly Dictionary<string, Tensor> _gradients;
    private readonly Dictionary<string, RowBatch> _rows;
    private readonly BoundOp[] _forward;
    private readonly BoundOp[] _backward;

    private GraphProgram(
        int batch,
        long bytes,
        Dictionary<string, Tensor> values,
        Dictionary<string, Tensor> gradients,
        Dictionary<string, RowBatch> rows,
        BoundOp[] forward,
        BoundOp[] backward)
    {
        Batch = batch;
        Bytes = bytes;
        _values = values;
        _gradients = gradients;
        _rows = rows;
        _forward = forward;
        _backward = backward;
    }

    /// <summary>The samples of one run.</summary>
    public int Batch { get; }

    /// <summary>The bytes of all buffers of activations and their gradients.</summary>
    public long Bytes { get; }

    /// <summary>Prepares a graph.</summary>
    /// <param name="graph">The graph; nodes that lead to no output are left out.</param>
    /// <param name="batch">Samples a run.</param>
    /// <param name="parameters">The tensors to use in place of the graph's constants of these names; may be empty.</param>
    /// <param name="gradients">Where the gradients of trained constants go, by name; empty for a forward pass only.</param>
    /// <param name="context">Kernels, threads, memory.</param>
    /// <param name="inPlace">What to read and update where it lies; null for nothing.</param>
    public static GraphProgram Compile(
        Graph graph,
        int batch,
        IReadOnlyDictionary<string, Tensor> parameters,
        IReadOnlyDictionary<string, Tensor> gradients,
        ProgramContext context,
        InPlace? inPlace = null)
    {
        inPlace ??= InPlace.None;
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, batch);
        Schedule schedule = new(graph, gradients.Keys, inPlace);
        MemoryPlan plan = new(schedule.Requests(shapes));
        Memory<float> arena = context.Arena((int)plan.Count);

        Dictionary<string, Tensor> values = new(StringComparer.Ordinal);
        Dictionary<string, Tensor> slopes = new(StringComparer.Ordinal);
        Tensor Place(string buffer, string value) => new(shapes[value], arena.Slice(plan.OffsetOf(buffer), shapes[value].Count));
        foreach (string value in schedule.Activations)
            values[value] = Place(value, value);
        foreach ((string name, Tensor tensor) in graph.Constants)
            values[name] = parameters.GetValueOrDefault(name, tensor);
        foreach (string value in schedule.Differentiated)
            slopes[value] = Place(Schedule.GradientOf(value), value);
        foreach ((string name, Tensor tensor) in gradients)
            slopes[name] = tensor;

        Dictionary<string, RowBatch> rows = inPlace.Rows.ToDictionary(
            pair => pair.Key, pair => new RowBatch(pair.Value, shapes[pair.Key].RowCount, batch), StringComparer.Ordinal);

        Dictionary<Node, BoundOp> bound = new(ReferenceEqualityComparer.Instance);
        HashSet<string> written = new(graph.Outputs, StringComparer.Ordinal);
        HashSet<Node> differentiated = new(schedule.Backward, ReferenceEqualityComparer.Instance);
        foreach (Node node in schedule.Backward.Concat(schedule.Forward.Where(node => !differentiated.Contains(node))))
        {
            bool differentiate = differentiated.Contains(node);
            bound[node] = node.Op.Bind(new BindContext
            {
                Inputs = [.. node.Inputs.Select(name => name.Length == 0 || rows.ContainsKey(name) ? null : values[name])],
                Frozen = [.. node.Inputs.Select(name => graph.Constants.ContainsKey(name) && !parameters.ContainsKey(name))],
                Rows = [.. node.Inputs.Select(name => rows.GetValueOrDefault(name))],
                Updates = [.. node.Inputs.Select(name => differentiate ? inPlace.Updates.GetValueOrDefault(name) : null)],
                Outputs = [.. node.Outputs.Select(name => values[name])],
                InputGradients =
                [
                    .. node.Inputs.Select((name, position) =>
                        differentiate && node.Op.PassesGradient(position) && slopes.TryGetValue(name, out Tensor? slope) ? new GradientSlot(slope, !written.Add(name)) : null),
                ],
                OutputGradients = differentiate ? [.. node.Outputs.Select(name => slopes.GetValueOrDefault(name))] : [],
                Program = context,
            });
        }
        return new GraphProgram(
            batch,
            4 * plan.Count,
            values,
            slopes,
            rows,
            [.. schedule.Forward.Select(node => bound[node])],
            [.. schedule.Backward.Select(node => bound[node])]);
    }

    /// <summary>The bytes of the buffers a program would have.</summary>
    public static long MeasureBytes(Graph graph, int batch, IEnumerable<string> trained, InPlace? inPlace = null) =>
        sizeof(float) * new MemoryPlan(new Schedule(graph, trained, inPlace ?? InPlace.None).Requests(ShapeInference.Infer(graph, batch))).Count;

    /// <summary>The memory of an input, an output or a constant.</summary>
    public Tensor Value(string name) => _values[name];

    /// <summary>Where to put the addresses of an input's samples, or null for an input whose samples go into a tensor.</summary>
    public RowBatch? Rows(string name) => _rows.GetValueOrDefault(name);

    /// <summary>True if the program reads the value.</summary>
    public bool Uses(string name) => _values.ContainsKey(name);

    /// <summary>The memory of the gradient of an output, to be filled before <see cref="Backward"/>.</summary>
    public Tensor Gradient(string name) => _gradients[name];

    /// <summary>Computes the outputs from the inputs.</summary>
    public void Forward()
    {
        foreach (BoundOp op in _forward)
            op.Forward();
    }

    /// <summary>Computes the gradients of the trained constants from those of the outputs; overwrites the old ones.</summary>
    public void Backward()
    {
        foreach (BoundOp op in _backward)
            op.Backward();
    }

    /// <summary>Which nodes run in which order, forward and back, and how long each value is needed.</summary>
    private sealed class Schedule
    {
        private readonly Graph _graph;
        private readonly HashSet<string> _trained;

        public Schedule(Graph graph, IEnumerable<string> gradients, InPlace inPlace)
        {
            _graph = graph;
            _trained = new HashSet<string>([.. gradients, .. inPlace.Updates.Keys], StringComparer.Ordinal);
            Forward = Needed(graph);
            HashSet<string> dependent = new(_trained, StringComparer.Ordinal);
            foreach (Node node in Forward.Where(node => Sloped(node).Any(dependent.Contains)))
                dependent.UnionWith(node.Outputs);
            // Of what depends on the trained, only what the outputs depend on in turn has a gradient.
            HashSet<string> felt = new(graph.Outputs.Where(dependent.Contains), StringComparer.Ordinal);
            List<Node> backward = [];
            foreach (Node node in Forward.Reverse().Where(node => node.Outputs.Any(felt.Contains)))
            {
                backward.Add(node);
                felt.UnionWith(Sloped(node).Where(dependent.Contains));
            }
            Backward = [.. backward];
            Activations = [.. graph.Inputs.Select(input => input.Name).Where(name => !inPlace.Rows.ContainsKey(name)), .. Forward.SelectMany(node => node.Outputs)];
            Differentiated = [.. Activations.Where(felt.Contains)];
        }

        public ImmutableArray<Node> Forward { get; }

        public ImmutableArray<Node> Backward { get; }

        public ImmutableArray<string> Activations { get; }

        /// <summary>The activations whose gradient the backward pass needs.</summary>
        public ImmutableArray<string> Differentiated { get; }

        public static string GradientOf(string value) => value + "\0gradient";

        // Step 0 fills the inputs, 1..F run forward, F+1 is the loss, F+2.. run back, and the end is after all.
        public IEnumerable<BufferRequest> Requests(IReadOnlyDictionary<string, Shape> shapes)
        {
            int loss = Forward.Length + 1;
            int end = loss + Backward.Length + 1;
            Dictionary<string, int> made = _graph.Inputs.ToDictionary(input => input.Name, _ => 0, StringComparer.Ordinal);
            Dictionary<string, int> used = new(StringComparer.Ordinal);
            for (int i = 0; i < Forward.Length; i++)
            {
                foreach (string output in Forward[i].Outputs)
                    made[output] = i + 1;
                foreach (string input in Forward[i].Inputs)
                    used[input] = i + 1;
            }
            Dictionary<string, int> firstSlope = new(StringComparer.Ordinal);
            Dictionary<string, int> lastSlope = new(StringComparer.Ordinal);
            for (int i = 0; i < Backward.Length; i++)
            {
                Node node = Backward[i];
                int step = loss + 1 + i;
                foreach (string input in Sloped(node))
                    firstSlope.TryAdd(input, step);
                foreach (string input in node.Inputs)
                {
                    if (node.Op.BackwardReads.HasFlag(BackwardReads.Inputs))
                        used[input] = step;
                }
                foreach (string output in node.Outputs)
                {
                    lastSlope[output] = step;
                    if (node.Op.BackwardReads.HasFlag(BackwardReads.Outputs))
                        used[output] = step;
                }
            }
            foreach (string output in _graph.Outputs)
            {
                used[output] = end;
                firstSlope[output] = loss;
            }
            foreach (string value in Activations)
                yield return new BufferRequest(value, shapes[value].Count, made[value], used.GetValueOrDefault(value, made[value]));
            foreach (string value in Differentiated)
                yield return new BufferRequest(GradientOf(value), shapes[value].Count, firstSlope[value], lastSlope.GetValueOrDefault(value, end));
        }

        private static IEnumerable<string> Sloped(Node node) => node.Inputs.Where((_, position) => node.Op.PassesGradient(position));

        private static ImmutableArray<Node> Needed(Graph graph)
        {
            HashSet<string> wanted = new(graph.Outputs, StringComparer.Ordinal);
            HashSet<Node> needed = new(ReferenceEqualityComparer.Instance);
            foreach (Node node in graph.Nodes.Reverse().Where(node => node.Outputs.Any(wanted.Contains)))
            {
                needed.Add(node);
                wanted.UnionWith(node.Inputs);
            }
            return [.. graph.Nodes.Where(needed.Contains)];
        }
    }
}
