using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>What methods do to a graph: put adapters behind layers, and say what is trained.</summary>
internal sealed class GraphEditor
{
    private const string BaseSuffix = "/base";

    private readonly Graph _base;
    private readonly OutputLayer _layer;
    private readonly ImmutableArray<Node> _leading; // to the scores: what lies behind or beside is left alone
    private readonly List<Node> _nodes;
    private readonly IReadOnlyDictionary<string, Shape> _shapes;
    private readonly List<string> _trained = [];
    private readonly List<LowRankUpdate> _updates = [];
    private readonly HashSet<string> _names; // of nodes, values and constants: a base may itself be a tuned model
    private ImmutableDictionary<string, Tensor> _constants;

    public GraphEditor(Graph graph, OutputLayer layer, AdapterOptions options)
    {
        _base = graph;
        _layer = layer;
        _leading = graph.EndingAt(layer.Scores).Nodes;
        _nodes = [.. graph.Nodes];
        _shapes = ShapeInference.Infer(graph, 1);
        _constants = graph.Constants;
        _names = new HashSet<string>(
            [.. graph.Constants.Keys, .. graph.Inputs.Select(input => input.Name), .. graph.Nodes.SelectMany(node => node.Outputs.Add(node.Name))],
            StringComparer.Ordinal);
        Options = options;
        BaseOutput = layer.Scores;
        Layers = [.. _leading.Where(node => node.Op.IsWeightLayer && (node.Inputs.Length == 1 || graph.Constants.ContainsKey(node.Inputs[1])))];
        if (Layers.IsEmpty)
            throw new SkiptuneException($"the model '{graph.Name}' has no layer with weights before its output '{layer.Output}' to fine-tune");
    }

    public AdapterOptions Options { get; }

    /// <summary>The weight layers that lead to the scores, in order.</summary>
    public ImmutableArray<Node> Layers { get; }

    /// <summary>What the method taps, if it is a skip method.</summary>
    public ImmutableArray<Tap> Taps { get; set; } = [];

    /// <summary>The name of the network's scores.</summary>
    public string Scores => _layer.Scores;

    /// <summary>The name of the base's own scores after the edits.</summary>
    public string BaseOutput { get; private set; }

    public Shape ShapeOf(string value) => _shapes[value];

    /// <summary>True if the base has the value.</summary>
    public bool Has(string value) => _shapes.ContainsKey(value);

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

    /// <summary>
    /// Puts a node behind the scores, which takes their name. It reads and makes one vector a sample; scores with axes of
    /// extent 1 besides are reshaped before and after.
    /// </summary>
    public void AddBehindScores(string name, Op op, Func<string, ImmutableArray<string>> inputs)
    {
        Shape shape = _shapes[Scores];
        string scores = TakeOver(Scores);
        if (shape.Rank == 2)
        {
            Add(name, op, inputs(scores), Scores);
            return;
        }
        BaseOutput = Add($"{name}/scores", new Flatten(), [scores]);
        string vector = Add(name, op, inputs(BaseOutput));
        Add($"{name}/shape", new Reshape([0, .. shape.Extents.Skip(1)]), [vector], Scores);
    }

    /// <summary>Says that two parameters stand for a change of a layer's weight by the product of the second and the first.</summary>
    public void Stands(string layer, string down, string up) => _updates.Add(new LowRankUpdate(layer, down, up, Options.Factor));

    /// <summary>Lets batch normalisation use and update the statistics of the batches, as ordinary training does.</summary>
    public void TrainBatchNormalization()
    {
        HashSet<string> leading = new(_leading.Select(node => node.Name), StringComparer.Ordinal);
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Op is BatchNormalization op && leading.Contains(_nodes[i].Name))
                _nodes[i] = _nodes[i] with { Op = op with { Training = true } };
        }
    }

    /// <summary>The constants of the base that full fine-tuning trains, or only the biases.</summary>
    public IEnumerable<string> BaseParameters(Func<Node, int, bool> wanted) =>
        from node in _leading
        from position in node.Op.TrainableInputs
        where position < node.Inputs.Length && _base.Constants.ContainsKey(node.Inputs[position]) && wanted(node, position)
        select node.Inputs[position];

    public AdaptedGraph Build()
    {
        Graph graph = _base.With(_nodes, _constants);
        ImmutableArray<string> state = [.. graph.Nodes.SelectMany(node => node.Op.StateInputs.Select(position => node.Inputs[position])).Distinct(StringComparer.Ordinal)];
        return new AdaptedGraph(_base, graph, _layer, [.. _trained], state, BaseOutput)
        {
            Taps = [.. Taps.Select(tap => new TapRule(tap.Layer, tap.Reduction))],
            Updates = [.. _updates],
        };
    }
}
