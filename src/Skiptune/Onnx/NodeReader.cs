using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>One node of a file as a translator sees it: what it reads, its attributes, and where its result goes.</summary>
internal sealed class NodeReader
{
    private readonly NodeProto _proto;
    private readonly GraphAssembler _graph;

    /// <summary>Looks at one node.</summary>
    /// <exception cref="SkiptuneException">It has no output, or an attribute stands twice.</exception>
    public NodeReader(NodeProto proto, string name, GraphAssembler graph)
    {
        _proto = proto;
        _graph = graph;
        Name = name;
        Attributes = new NodeAttributes(proto);
        if (proto.Output.Count == 0 || proto.Output[0].Length == 0)
            throw new SkiptuneException("it has no output");
        Output = proto.Output[0];
    }

    /// <summary>The node's name in the graph.</summary>
    public string Name { get; }

    /// <summary>The name of the result.</summary>
    public string Output { get; }

    /// <summary>The number of outputs.</summary>
    public int OutputCount => _proto.Output.Count;

    /// <summary>The number of inputs, with those left out.</summary>
    public int InputCount => _proto.Input.Count;

    /// <summary>The attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>The version of the operator set.</summary>
    public int Opset => _graph.Opset;

    /// <summary>The batch size the file is fixed to, or null.</summary>
    public int? FixedBatch => _graph.FixedBatch;

    /// <summary>The graph's first input, which carries the batch.</summary>
    public string FirstInput => _graph.FirstInput;

    /// <summary>Throws unless the node has that many inputs and none of the first <paramref name="min"/> is left out.</summary>
    public void CheckInputs(int min, int max)
    {
        int count = _proto.Input.Count;
        if (count < min || count > max || _proto.Input.Take(min).Any(input => input.Length == 0))
            throw new SkiptuneException($"it has {count} inputs{(count >= min && count <= max ? ", some left out" : "")}; {(min == max ? $"{min}" : $"{min} to {max}")} are needed");
    }

    /// <summary>True if an optional input is there.</summary>
    public bool HasInput(int position) => position < _proto.Input.Count && _proto.Input[position].Length > 0;

    /// <summary>True if an input is a constant.</summary>
    public bool IsConstant(int position) => _graph.IsConstant(_proto.Input[position]);

    /// <summary>The name of an input, be it an activation or a constant.</summary>
    public string Activation(int position) => _graph.Operand(_proto.Input[position]);

    /// <summary>The names of all inputs.</summary>
    public string[] Operands() => [.. Enumerable.Range(0, InputCount).Select(Activation)];

    /// <summary>The shape of a value for a batch of 1.</summary>
    public Shape ShapeOf(string value) => _graph.ShapeOf(value);

    /// <summary>The shapes of an input for <see cref="KnownValue.Batches"/>.</summary>
    public ImmutableArray<Shape> ShapesOf(int position) => _graph.ShapesOf(_proto.Input[position]);

    /// <summary>The element type of an input in the file.</summary>
    public int TypeOf(int position) => _graph.TypeOf(Activation(position));

    /// <summary>True for whole numbers and what is computed of them at import.</summary>
    public bool IsKnown(int position) => HasInput(position) && _graph.IsKnown(_proto.Input[position]);

    /// <summary>An input known at import, or a short constant; null for any other.</summary>
    public KnownValue? KnownOrNull(int position) => HasInput(position) ? _graph.KnownOrNull(_proto.Input[position]) : null;

    /// <summary>An input known at import.</summary>
    public KnownValue Known(int position) => _graph.Known(_proto.Input[position]);

    /// <summary>The name and the values of a float constant.</summary>
    public (string Name, Tensor Tensor) Weight(int position) => _graph.Weight(_proto.Input[position]);

    /// <summary>The values of a vector, or one number, of whole numbers that do not follow the batch.</summary>
    public long[] Integers(int position)
    {
        KnownValue known = Known(position);
        if (!known.IsConstant)
            throw new SkiptuneException($"{ErrorText.Quote(_proto.Input[position])} follows the batch size, where constant numbers are needed");
        if (known.Shape.Rank > 1)
            throw new SkiptuneException($"{ErrorText.Quote(_proto.Input[position])} should be a vector, but has {known.Shape.Rank} axes");
        return known.Examples[0].Integers();
    }

    /// <summary>One number of any type that is known at import.</summary>
    public float Number(int position)
    {
        KnownValue? known = KnownOrNull(position);
        if (known is not { IsConstant: true, Shape.Count: 1 })
            throw new SkiptuneException($"{ErrorText.Quote(_proto.Input[position])} must be a constant of one number");
        return (float)known.Examples[0].Values[0];
    }

    /// <summary>The value of a bool constant.</summary>
    public bool Flag(int position) => Number(position) != 0;

    /// <summary>An attribute that names an axis, counted from 0.</summary>
    public int Axis(string name, int fallback, int rank) => FromStart(Attributes.Int(name, fallback, -rank, rank - 1), rank);

    /// <summary>Axes counted from 0; negative ones count from the end.</summary>
    public static int FromStart(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new SkiptuneException($"axis {axis} is outside {rank} axes");

    /// <summary>Makes a constant from others: filled by the caller.</summary>
    /// <returns>Its name.</returns>
    public string Derive(string suggestion, Shape shape, Action<Tensor> fill) => _graph.Derive(suggestion, shape, fill);

    /// <summary>The operator becomes a node of the graph, with this node's output.</summary>
    public void Emit(Op op, params ReadOnlySpan<string> inputs)
    {
        RefuseMoreOutputs();
        _graph.Emit(new Node(Name, op, [.. inputs], [Output]));
    }

    /// <summary>The operator becomes a node of the graph, with all this node's outputs.</summary>
    public void EmitAll(Op op, params ReadOnlySpan<string> inputs) =>
        _graph.Emit(new Node(Name, op, [.. inputs], [.. _proto.Output.Select(output => output.Length > 0 ? output : _graph.NewName($"{Name}.unused"))]));

    /// <summary>One of several nodes this one becomes; the last is made by <see cref="Emit"/>.</summary>
    /// <returns>The name of its result.</returns>
    public string EmitPart(string part, Op op, params ReadOnlySpan<string> inputs)
    {
        string output = _graph.NewName($"{Output}.{part}");
        _graph.Emit(new Node($"{Name}/{part}", op, [.. inputs], [output]));
        return output;
    }

    /// <summary>The output is another name for an input: the node does nothing.</summary>
    public void PassThrough(int position)
    {
        RefuseMoreOutputs();
        _graph.Alias(Output, _proto.Input[position]);
    }

    /// <summary>The output is a constant.</summary>
    public void Define(TensorProto constant) => _graph.Store(Output, constant);

    /// <summary>The output was computed at import.</summary>
    public void Define(KnownValue value)
    {
        RefuseMoreOutputs();
        _graph.Define(Output, value);
    }

    /// <summary>The node that makes a value, if nothing else reads the value; otherwise null.</summary>
    public Node? OnlyForThis(string activation) => _graph.ProducerIfReadOnce(activation);

    /// <summary>Puts this node's work into an earlier one, which takes over the output.</summary>
    public void Merge(Node earlier, params ReadOnlySpan<string> inputs) =>
        _graph.Replace(earlier, earlier with { Inputs = [.. inputs], Outputs = [Output] });

    private void RefuseMoreOutputs()
    {
        if (_proto.Output.Skip(1).FirstOrDefault(output => output.Length > 0) is { } more)
            throw new SkiptuneException($"only its first output is supported, not {ErrorText.Quote(more)}");
    }
}
