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
    /// <exception cref="SkiptuneException">It does not have exactly one output, or an attribute stands twice.</exception>
    public NodeReader(NodeProto proto, string name, GraphAssembler graph)
    {
        _proto = proto;
        _graph = graph;
        Name = name;
        Attributes = new NodeAttributes(proto);
        if (proto.Output.Count == 0 || proto.Output[0].Length == 0)
            throw new SkiptuneException("it has no output");
        if (proto.Output.Skip(1).Any(output => output.Length > 0))
            throw new SkiptuneException($"only its first output is supported, not {ErrorText.Quote(proto.Output.Skip(1).First(output => output.Length > 0))}");
        Output = proto.Output[0];
    }

    /// <summary>The node's name in the graph.</summary>
    public string Name { get; }

    /// <summary>The name of the result.</summary>
    public string Output { get; }

    /// <summary>The attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>The version of the operator set.</summary>
    public int Opset => _graph.Opset;

    /// <summary>The batch size the file is fixed to, or null.</summary>
    public int? FixedBatch => _graph.FixedBatch;

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

    /// <summary>The name of an input that depends on the graph's inputs.</summary>
    public string Activation(int position) => _graph.Activation(_proto.Input[position]);

    /// <summary>The name of an input of either kind.</summary>
    public string Value(int position) => IsConstant(position) ? Weight(position).Name : Activation(position);

    /// <summary>How many inputs are listed.</summary>
    public int InputCount => _proto.Input.Count;

    /// <summary>The shape of such an input for a batch of 1.</summary>
    public Shape ShapeOf(string activation) => _graph.ShapeOf(activation);

    /// <summary>The name and the values of a float constant.</summary>
    public (string Name, Tensor Tensor) Weight(int position) => _graph.Weight(_proto.Input[position]);

    /// <summary>The values of an int64 constant.</summary>
    public long[] Integers(int position) => TensorReader.Integers(_graph.Stored(_proto.Input[position]));

    /// <summary>The value of a bool constant.</summary>
    public bool Flag(int position) => TensorReader.Flag(_graph.Stored(_proto.Input[position]));

    /// <summary>Makes a constant from others: filled by the caller.</summary>
    /// <returns>Its name.</returns>
    public string Derive(string suggestion, Shape shape, Action<Tensor> fill) => _graph.Derive(suggestion, shape, fill);

    /// <summary>The operator becomes a node of the graph, with this node's output.</summary>
    public void Emit(Op op, params ReadOnlySpan<string> inputs) => _graph.Emit(new Node(Name, op, [.. inputs], [Output]));

    /// <summary>One of several nodes this one becomes; the last is made by <see cref="Emit"/>.</summary>
    /// <returns>The name of its result.</returns>
    public string EmitPart(string part, Op op, params ReadOnlySpan<string> inputs)
    {
        string output = _graph.NewValue($"{Output}.{part}");
        _graph.Emit(new Node($"{Name}/{part}", op, [.. inputs], [output]));
        return output;
    }

    /// <summary>The output is another name for an input: the node does nothing.</summary>
    public void PassThrough(int position) => _graph.Alias(Output, _proto.Input[position]);

    /// <summary>The output is a constant.</summary>
    public void Define(TensorProto constant) => _graph.Store(Output, constant);

    /// <summary>The node that makes a value, if nothing else reads the value; otherwise null.</summary>
    public Node? OnlyForThis(string activation) => _graph.ProducerIfReadOnce(activation);

    /// <summary>Puts this node's work into an earlier one, which takes over the output.</summary>
    public void Merge(Node earlier, params ReadOnlySpan<string> inputs) =>
        _graph.Replace(earlier, earlier with { Inputs = [.. inputs], Outputs = [Output] });
}
