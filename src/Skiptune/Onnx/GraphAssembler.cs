using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>
/// The graph while its nodes are read one after the other: what each name stands for (an activation with its shape,
/// a stored constant, or another name), and the nodes made so far.
/// </summary>
internal sealed class GraphAssembler
{
    private const long SmallestDerivedBudget = 1 << 20;

    private readonly GraphProto _proto;
    private readonly ImmutableArray<GraphInput> _inputs;
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal) { "" };
    private readonly UniqueNames _valueNames = new();
    private readonly Dictionary<string, TensorProto> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Shape> _activations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reads = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);

    // What may be computed from constants (a folded factor, a broadcast bias), in elements: many nodes may share one
    // stored weight, and must not make many copies of it.
    private long _derivedBudget;

    public GraphAssembler(GraphProto proto, int opset, long fileBytes, bool fixedShapes)
    {
        _proto = proto;
        _derivedBudget = Math.Max(SmallestDerivedBudget, fileBytes);
        Opset = opset;
        foreach (TensorProto initializer in proto.Initializer)
            Store(initializer.Name, initializer);
        (_inputs, FixedBatch) = InputReader.Read(proto.Input.Where(input => !_stored.ContainsKey(input.Name)), fixedShapes);
        foreach (GraphInput input in _inputs)
        {
            DefineName(input.Name);
            _activations[input.Name] = input.ShapeFor(1);
        }
        foreach (string read in proto.Node.SelectMany(node => node.Input).Concat(proto.Output.Select(output => output.Name)))
        {
            _valueNames.Take(read);
            _reads[read] = _reads.GetValueOrDefault(read) + 1;
        }
        foreach (string name in _defined.Concat(proto.Node.SelectMany(node => node.Output)))
            _valueNames.Take(name);
    }

    public int Opset { get; }

    public int? FixedBatch { get; }

    public bool IsConstant(string name) => Resolve(name) is var value && (_stored.ContainsKey(value) || _weights.ContainsKey(value));

    public string Activation(string name)
    {
        string value = Resolve(name);
        if (_activations.ContainsKey(value))
            return value;
        if (IsConstant(value))
            throw new SkiptuneException($"{ErrorText.Quote(name)} is a constant, where a value that depends on the model's input is needed");
        throw Undefined(name);
    }

    public Shape ShapeOf(string activation) => _activations[activation];

    public TensorProto Stored(string name)
    {
        string value = Resolve(name);
        if (_stored.TryGetValue(value, out TensorProto? stored))
            return stored;
        throw _activations.ContainsKey(value) ? NotConstant(name) : Undefined(name);
    }

    public (string Name, Tensor Tensor) Weight(string name)
    {
        string value = Resolve(name);
        if (!_weights.TryGetValue(value, out Tensor? tensor))
            _weights[value] = tensor = TensorReader.Floats(Stored(name));
        return (value, tensor);
    }

    public string Derive(string suggestion, Shape shape, Action<Tensor> fill)
    {
        _derivedBudget -= shape.Count;
        if (_derivedBudget < 0)
            throw new SkiptuneException("the constants folded into this model outgrow its file; fold alpha, beta and biases before exporting");
        Tensor tensor = new(shape);
        fill(tensor);
        string name = _valueNames.Create(suggestion);
        if (!tensor.IsFinite())
            throw new SkiptuneException($"the constant {ErrorText.Quote(name)}, computed from the file's, is not finite");
        _weights[name] = tensor;
        return name;
    }

    /// <summary>A name for a value the file does not have.</summary>
    public string NewValue(string suggestion) => _valueNames.Create(suggestion);

    public void Store(string name, TensorProto constant)
    {
        DefineName(name);
        _stored[name] = constant;
    }

    public void Emit(Node node)
    {
        DefineName(node.Output);
        _activations[node.Output] = Infer(node);
        _producers[node.Output] = _nodes.Count;
        _nodes.Add(node);
    }

    public void Alias(string name, string target)
    {
        string value = Resolve(target);
        if (!_activations.ContainsKey(value) && !IsConstant(value))
            throw Undefined(target);
        DefineName(name);
        _aliases[name] = value;
        // Who reads the alias reads the value; the node in between no longer does.
        _reads[value] = _reads.GetValueOrDefault(value) + _reads.GetValueOrDefault(name) - 1;
    }

    public Node? ProducerIfReadOnce(string activation) =>
        _reads.GetValueOrDefault(activation) == 1 && _producers.TryGetValue(activation, out int at) ? _nodes[at] : null;

    public void Replace(Node earlier, Node merged)
    {
        int at = _producers[earlier.Output];
        DefineName(merged.Output);
        _activations.Remove(earlier.Output);
        _producers.Remove(earlier.Output);
        _activations[merged.Output] = Infer(merged);
        _producers[merged.Output] = at;
        _nodes[at] = merged;
    }

    /// <summary>The finished graph, checked for batches of 1 and of 2.</summary>
    public Graph Build(UniqueNames nodeNames)
    {
        ImmutableArray<string> outputs = [.. _proto.Output.Select(output => output.Name)];
        if (outputs.IsEmpty)
            throw new SkiptuneException("the graph has no outputs");
        HashSet<string> outputNames = new(outputs, StringComparer.Ordinal);
        if (outputNames.Count != outputs.Length)
            throw new SkiptuneException("an output of the graph is listed twice");
        Node[] nodes = KeepOutputNames(outputNames, nodeNames);
        ImmutableDictionary<string, Tensor> constants = nodes
            .SelectMany(node => node.Inputs)
            .Distinct(StringComparer.Ordinal)
            .Where(_weights.ContainsKey)
            .ToImmutableDictionary(name => name, name => _weights[name], StringComparer.Ordinal);
        Graph graph = new(_proto.Name.Length == 0 ? "graph" : _proto.Name, _inputs, nodes, constants, outputs);
        // With a batch of 1 alone, a Reshape to 1x400 would look as if it kept the batch.
        ShapeInference.Infer(graph, 1);
        ShapeInference.Infer(graph, 2);
        return graph;
    }

    // An Identity at the end gives the result its name: the node before it takes the name over.
    private Node[] KeepOutputNames(HashSet<string> outputs, UniqueNames nodeNames)
    {
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        List<Node> copies = [];
        foreach (string output in outputs)
        {
            string value = Activation(output);
            if (value == output)
                continue;
            if (!_producers.ContainsKey(value) || outputs.Contains(value) || !renamed.TryAdd(value, output))
                copies.Add(new Node(nodeNames.Create(output), new Scale(1), [value], [output]));
        }
        string Rename(string value) => renamed.GetValueOrDefault(value, value);
        return
        [
            .. _nodes.Concat(copies).Select(node => node with
            {
                Inputs = [.. node.Inputs.Select(Rename)],
                Outputs = [.. node.Outputs.Select(Rename)],
            }),
        ];
    }

    private Shape Infer(Node node) =>
        ShapeInference.Infer(node, name => _activations.TryGetValue(name, out Shape shape) ? shape : name.Length == 0 ? default : _weights[name].Shape, _inputs[0].HasBatch ? 1 : null)[0];

    private string Resolve(string name) => _aliases.GetValueOrDefault(name, name);

    private void DefineName(string name)
    {
        if (name.Length == 0)
            throw new SkiptuneException("a value has no name");
        if (!_defined.Add(name))
            throw new SkiptuneException($"the value {ErrorText.Quote(name)} is defined twice");
    }

    private static SkiptuneException NotConstant(string name) =>
        new($"{ErrorText.Quote(name)} must be a constant stored in the file, but is computed from the model's input");

    private SkiptuneException Undefined(string name) => _proto.Node.Any(node => node.Output.Contains(name))
        ? new($"{ErrorText.Quote(name)} is made by no earlier node: the nodes are out of order or form a cycle")
        : new($"{ErrorText.Quote(name)} is defined by nothing");
}
