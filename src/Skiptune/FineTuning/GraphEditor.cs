using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>What methods do to a graph: put adapters behind layers, and say what is trained.</summary>
internal sealed class GraphEditor
{
    private const string BaseSuffix = "/base";

    private readonly Graph _base;
    private readonly List<Node> _nodes;
    private readonly IReadOnlyDictionary<string, Shape> _shapes;
    private readonly List<string> _trained = [];
    private readonly HashSet<string> _names; // of nodes, values and constants: a base may itself be a tuned model
    private ImmutableDictionary<string, Tensor> _constants;

    public GraphEditor(Graph graph, AdapterOptions options)
    {
        _base = graph;
        _nodes = [.. graph.Nodes];
        _shapes = ShapeInference.Infer(graph, 1);
        _constants = graph.Constants;
        _names = new HashSet<string>(
            [.. graph.Constants.Keys, .. graph.Inputs.Select(input => input.Name), .. graph.Nodes.SelectMany(node => node.Outputs.Add(node.Name))],
            StringComparer.Ordinal);
        Options = options;
        Output = graph.Outputs[0];
        BaseOutput = Output;
        Layers = [.. graph.Nodes.Where(node => node.Op.IsWeightLayer && graph.Constants.ContainsKey(node.Inputs[1]))];
        if (Layers.IsEmpty)
            throw new SkiptuneException($"the model '{graph.Name}' has no layer with weights to fine-tune");
        if (_shapes[Output].Rank != 2)
            throw new SkiptuneException($"the model's output '{Output}' has the shape {_shapes[Output]}; fine-tuning needs one vector a sample");
    }

    public AdapterOptions Options { get; }

    /// <summary>The weight layers in order.</summary>
    public ImmutableArray<Node> Layers { get; }

    /// <summary>What the method taps, if it is a skip method.</summary>
    public ImmutableArray<Tap> Taps { get; set; } = [];

    /// <summary>The name of the network's output.</summary>
    public string Output { get; }

    /// <summary>The name of the base's own output after the edits.</summary>
    public string BaseOutput { get; private set; }

    public Shape ShapeOf(string value) => _shapes[value];

    /// <summary>The name, or where the base has it already, the name with a number behind.</summary>
    public string NewName(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
            unique = $"{name}.{i}";
        return unique;
    }

    /// <summary>Adds a trained parameter and returns its name in the graph and in the adapter file.</summary>
    /// <param name="name">The name to give it, unless the base has it.</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="fanIn">Uniform in ±1/sqrt(fanIn) if above 0, else zero.</param>
    public string AddParameter(string name, Shape shape, int fanIn)
    {
        Tensor tensor = new(shape);
        if (fanIn > 0)
            new SeededRandom(Options.Seed, stream: RandomStreams.Parameters + _trained.Count).FillUniform(tensor.Span, 1 / MathF.Sqrt(fanIn));
        name = NewName(name);
        _constants = _constants.Add(name, tensor);
        _trained.Add(name);
        return name;
    }

    /// <summary>Declares constants of the base trained.</summary>
    public void Train(IEnumerable<string> names) => _trained.AddRange(names.Where(name => !_trained.Contains(name)));

    /// <summary>Takes the name of a value for a new node and gives the old one another: returns the old one's new name.</summary>
    public string TakeOver(string value)
    {
        string renamed = NewName(value + BaseSuffix);
        int index = _nodes.FindIndex(node => node.Outputs.Contains(value));
        Node producer = _nodes[index];
        _nodes[index] = producer with { Outputs = producer.Outputs.Replace(value, renamed) };
        if (value == BaseOutput)
            BaseOutput = renamed;
        return renamed;
    }

    /// <summary>Adds a node that makes a value taken over from another.</summary>
    public void Add(string name, Op op, ImmutableArray<string> inputs, string output) => _nodes.Add(new Node(NewName(name), op, inputs, [output]));

    /// <summary>Adds a node that makes a new value, and returns the value's name.</summary>
    public string Add(string name, Op op, ImmutableArray<string> inputs)
    {
        string unique = NewName(name);
        _nodes.Add(new Node(unique, op, inputs, [unique]));
        return unique;
    }

    /// <summary>Lets batch normalisation use and update the statistics of the batches, as ordinary training does.</summary>
    public void TrainBatchNormalization()
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is BatchNormalization op)
                _nodes[i] = _nodes[i] with { Op = op with { Training = true } };
        }
    }

    /// <summary>The constants of the base that full fine-tuning trains, or only the biases.</summary>
    public IEnumerable<string> BaseParameters(Func<Node, int, bool> wanted) =>
        from node in _base.Nodes
        from position in node.Op.TrainableInputs
        where position < node.Inputs.Length && _base.Constants.ContainsKey(node.Inputs[position]) && wanted(node, position)
        select node.Inputs[position];

    public AdaptedGraph Build()
    {
        Graph graph = _base.With(_nodes, _constants);
        ImmutableArray<string> state = [.. graph.Nodes.SelectMany(node => node.Op.StateInputs.Select(position => node.Inputs[position])).Distinct(StringComparer.Ordinal)];
        return new AdaptedGraph(graph, [.. _trained], state, BaseOutput) { Taps = [.. Taps.Select(tap => new TapRule(tap.Layer, tap.Reduction))] };
    }
}
