using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>
/// The graph while its nodes are read one after the other: what each name stands for (an activation with its shapes,
/// a stored constant, a value known at import, or another name), and the nodes made so far.
/// </summary>
internal sealed class GraphAssembler
{
    private const long SmallestDerivedBudget = 1 << 20;

    // Floats of more elements are no part of a computation of shapes.
    private const int LargestKnownFloats = 1024;

    private readonly GraphProto _proto;
    private readonly ImmutableArray<GraphInput> _inputs;
    private readonly HashSet<string> _defined = new(StringComparer.Ordinal) { "" };
    private readonly UniqueNames _valueNames = new();
    private readonly Dictionary<string, TensorProto> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnownValue> _known = new(StringComparer.Ordinal);

    // The shapes of an activation for a batch of 1, and for each of KnownValue.Batches.
    private readonly Dictionary<string, ImmutableArray<Shape>> _activations = new(StringComparer.Ordinal);

    // The element types of activations that are not floats in the file.
    private readonly Dictionary<string, int> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _reads = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);

    private readonly ExternalData _external;

    // What may be computed from constants (a folded factor, a broadcast bias), in elements: many nodes may share one
    // stored weight, and must not make many copies of it.
    private long _derivedBudget;

    public GraphAssembler(GraphProto proto, int opset, long fileBytes, OnnxReadOptions options)
    {
        _proto = proto;
        _external = new ExternalData(options.Folder);
        _derivedBudget = Math.Max(SmallestDerivedBudget, fileBytes);
        Opset = opset;
        foreach (TensorProto initializer in proto.Initializer)
            Store(initializer.Name, initializer);
        (_inputs, FixedBatch) = InputReader.Read(proto.Input.Where(input => !_stored.ContainsKey(input.Name)), options);
        foreach (GraphInput input in _inputs)
        {
            DefineName(input.Name);
            _activations[input.Name] = [input.ShapeFor(1), .. KnownValue.Batches.Select(input.ShapeFor)];
            if (input.IsInteger)
                _types[input.Name] = ElementType.Int64;
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

    public string FirstInput => _inputs[0].Name;

    /// <summary>True for what depends neither on the values of an input nor on the batch.</summary>
    public bool IsConstant(string name) =>
        Resolve(name) is var value && (_known.TryGetValue(value, out KnownValue? known) ? known.IsConstant : _stored.ContainsKey(value) || _weights.ContainsKey(value));

    /// <summary>The value a name stands for, of whatever kind.</summary>
    public string Operand(string name)
    {
        string value = Resolve(name);
        if (_activations.ContainsKey(value) || _weights.ContainsKey(value) || _known.ContainsKey(value))
            return value;
        if (!_stored.TryGetValue(value, out TensorProto? stored))
            throw Undefined(name);
        if (!ElementType.IsFloat(stored.DataType) && new Shape(TensorReader.Dims(stored)).Count <= KnownValue.MaxElements)
            _known[value] = KnownValue.Of(stored.DataType, new Shape(TensorReader.Dims(stored)), TensorReader.Numbers(_external.Inline(stored), out _));
        else
            Weight(value);
        return value;
    }

    /// <summary>The shape of a value for a batch of 1.</summary>
    public Shape ShapeOf(string value) =>
        _activations.TryGetValue(value, out ImmutableArray<Shape> shapes) ? shapes[0] : _known.TryGetValue(value, out KnownValue? known) ? known.Shape : _weights[value].Shape;

    /// <summary>The shapes of a value for <see cref="KnownValue.Batches"/>.</summary>
    public ImmutableArray<Shape> ShapesOf(string name)
    {
        string value = Operand(name);
        return _activations.TryGetValue(value, out ImmutableArray<Shape> shapes) ? shapes[1..]
            : _known.TryGetValue(value, out KnownValue? known) ? [.. known.Examples.Select(example => example.Shape)]
            : [.. KnownValue.Batches.Select(_ => _weights[value].Shape)];
    }

    /// <summary>The element type a value has in the file, as far as it matters.</summary>
    public int TypeOf(string value) => _known.TryGetValue(value, out KnownValue? known) ? known.Type : _types.GetValueOrDefault(value, ElementType.Float);

    /// <summary>True for whole numbers and what is computed of them at import.</summary>
    public bool IsKnown(string name) => _known.ContainsKey(Operand(name));

    /// <summary>A value known at import, or a short stored one; null for any other.</summary>
    public KnownValue? KnownOrNull(string name)
    {
        string value = Operand(name);
        if (_known.TryGetValue(value, out KnownValue? known))
            return known;
        return _weights.TryGetValue(value, out Tensor? weight) && weight.Shape.Count <= LargestKnownFloats ? Known(weight) : null;
    }

    /// <summary>A value known at import.</summary>
    /// <exception cref="SkiptuneException">It depends on the inputs' values, or is of floats.</exception>
    public KnownValue Known(string name)
    {
        string value = Operand(name);
        if (_known.TryGetValue(value, out KnownValue? known))
            return known;
        throw _activations.ContainsKey(value)
            ? NotConstant(name)
            : new SkiptuneException($"{ErrorText.Quote(name)} is of float32, where int64 is needed; convert it");
    }

    public (string Name, Tensor Tensor) Weight(string name)
    {
        string value = Resolve(name);
        if (_weights.TryGetValue(value, out Tensor? tensor))
            return (value, tensor);
        if (_known.ContainsKey(value))
            return (value, Materialise(value));
        if (_stored.TryGetValue(value, out TensorProto? stored))
            return (value, _weights[value] = TensorReader.Floats(_external.Inline(stored)));
        throw _activations.ContainsKey(value) ? NotConstant(name) : Undefined(name);
    }

    /// <summary>A value name that is free.</summary>
    public string NewName(string suggestion) => _valueNames.Create(suggestion);

    /// <summary>Defines a value that was computed at import.</summary>
    public void Define(string name, KnownValue value)
    {
        DefineName(name);
        Spend(value.Examples.Max(example => (long)example.Values.Length));
        _known[name] = value;
    }

    public string Derive(string suggestion, Shape shape, Action<Tensor> fill)
    {
        Spend(shape.Count);
        Tensor tensor = new(shape);
        fill(tensor);
        string name = _valueNames.Create(suggestion);
        if (!tensor.IsFinite())
            throw new SkiptuneException($"the constant {ErrorText.Quote(name)}, computed from the file's, is not finite");
        _weights[name] = tensor;
        return name;
    }

    public void Store(string name, TensorProto constant)
    {
        DefineName(name);
        _stored[name] = constant;
    }

    /// <summary>Adds a node, or computes its outputs at once if nothing it reads depends on the inputs.</summary>
    public void Emit(Node node)
    {
        foreach (string output in node.Outputs)
            DefineName(output);
        string[] values = [.. node.Inputs.Where(input => input.Length > 0)];
        if (!values.Any(_activations.ContainsKey) && values.Length > 0)
        {
            Fold(node, values);
            return;
        }
        Append(node with { Inputs = [.. node.Inputs.Select(input => input.Length > 0 && _known.ContainsKey(input) ? Concrete(input) : input)] });
    }

    private void Append(Node node)
    {
        ImmutableArray<Shape>[] shapes = [.. Enumerable.Range(0, KnownValue.Batches.Length + 1).Select(at => Infer(node, at))];
        for (int i = 0; i < node.Outputs.Length; i++)
        {
            _activations[node.Outputs[i]] = [.. shapes.Select(example => example[i])];
            _types[node.Outputs[i]] = ResultType(node);
            _producers[node.Outputs[i]] = _nodes.Count;
        }
        _nodes.Add(node);
    }

    // Whole numbers stay whole numbers where they are only moved, so that a shape may follow from them.
    private void Fold(Node node, string[] values)
    {
        if (node.Op is MovementOp or ReshapeOp && values.Any(_known.ContainsKey))
        {
            KnownValue[] inputs = [.. values.Select(value => _known.TryGetValue(value, out KnownValue? known) ? known : Known(_weights[value]))];
            KnownTensor[][] outputs = [.. KnownValue.Batches.Select((_, at) => KnownMovement.Run(node.Op, [.. inputs.Select(input => input.Examples[at])]))];
            for (int i = 0; i < node.Outputs.Length; i++)
            {
                KnownValue result = new(inputs[0].Type, [.. outputs.Select(example => example[i])]);
                Spend(result.Shape.Count);
                _known[node.Outputs[i]] = result;
            }
            return;
        }
        foreach (string value in values.Where(_known.ContainsKey))
            Materialise(value);
        ImmutableArray<Shape> shapes = Infer(node, 0);
        Spend(shapes.Sum(shape => (long)shape.Count));
        foreach ((string name, Tensor tensor) in ConstantFolding.Run(node, _weights))
            _weights[name] = tensor;
    }

    private void Spend(long elements)
    {
        _derivedBudget -= elements;
        if (_derivedBudget + _external.Bytes < 0)
            throw new SkiptuneException("the constants folded into this model outgrow its file; fold alpha, beta and biases before exporting");
    }

    // A value known at import as something a node can read: a constant, or one number repeated over the batch.
    private string Concrete(string value)
    {
        KnownValue known = _known[value];
        if (known.IsConstant)
        {
            Materialise(value);
            return value;
        }
        string copy = _valueNames.Create($"{value}.values");
        Node node = BatchConstant.Of(known, _inputs[0].Name, copy, scalar => Derive($"{value}.fill", new Shape([]), tensor => tensor.Span[0] = scalar))
            ?? throw new SkiptuneException($"{ErrorText.Quote(value)} follows the batch size in a way that is not supported; export the model with a fixed batch");
        DefineName(copy);
        Append(node);
        return copy;
    }

    private Tensor Materialise(string value)
    {
        if (_weights.TryGetValue(value, out Tensor? tensor))
            return tensor;
        KnownValue known = _known[value];
        if (!known.IsConstant)
            throw new SkiptuneException($"{ErrorText.Quote(value)} follows the batch size, where a constant is needed");
        return _weights[value] = new Tensor(known.Shape, [.. known.Examples[0].Values.Select(number => (float)number)]);
    }

    private int ResultType(Node node) => node.Op switch
    {
        Compare or Cast { Target: CastTarget.Boolean } => ElementType.Bool,
        Cast => ElementType.Int64,
        MovementOp or ReshapeOp or Gather => TypeOf(node.Inputs[0]),
        Where => TypeOf(node.Inputs[1]),
        _ => ElementType.Float,
    };

    private static KnownValue Known(Tensor tensor) => KnownValue.Of(ElementType.Float, tensor.Shape, [.. tensor.Span.ToArray().Select(value => (double)value)]);

    public void Alias(string name, string target)
    {
        string value = Resolve(target);
        Operand(value);
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
        _activations[merged.Output] = [.. Enumerable.Range(0, KnownValue.Batches.Length + 1).Select(example => Infer(merged, example)[0])];
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
        WeightCheck.Run(nodes, constants);
        Graph graph = new(_proto.Name.Length == 0 ? "graph" : _proto.Name, _inputs, nodes, constants, outputs, Opset);
        // With a batch of 1 alone, a Reshape to 1x400 would look as if it kept the batch; and what was computed for the
        // batch sizes of KnownValue must hold for others.
        foreach (int batch in new[] { 1, 2, 5 })
            ShapeInference.Infer(graph, batch);
        return RecognizeLayerNormalization.Apply(RemoveTransposes.Apply(graph));
    }

    // An Identity at the end gives the result its name: the node before it takes the name over.
    private Node[] KeepOutputNames(HashSet<string> outputs, UniqueNames nodeNames)
    {
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        List<Node> copies = [];
        foreach (string output in outputs)
        {
            string value = Operand(output);
            if (!_activations.ContainsKey(value))
                throw new SkiptuneException($"{ErrorText.Quote(output)} is a constant, where a value that depends on the model's input is needed");
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

    private ImmutableArray<Shape> Infer(Node node, int example)
    {
        int batch = example == 0 ? 1 : KnownValue.Batches[example - 1];
        return ShapeInference.Infer(
            node, name => name.Length == 0 ? default : _activations.TryGetValue(name, out ImmutableArray<Shape> shapes) ? shapes[example] : _weights[name].Shape, batch);
    }

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
