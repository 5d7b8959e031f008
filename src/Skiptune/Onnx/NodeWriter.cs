using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>One node of a graph as a translator writes it: to one ONNX node or several.</summary>
internal sealed class NodeWriter(Node node, int opset, GraphProto proto, IReadOnlyDictionary<string, Shape> shapes, UniqueNames nodeNames, UniqueNames valueNames)
{
    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>The version of the operator set that is written.</summary>
    public int Opset => opset;

    /// <summary>The shape of a value for a batch of 1.</summary>
    public Shape ShapeOf(string value) => shapes[value];

    /// <summary>Adds the ONNX node that stands for the whole node, with its name, inputs and outputs.</summary>
    /// <param name="type">The ONNX operator.</param>
    /// <param name="more">Inputs after the node's own.</param>
    public NodeProto Add(string type, params ReadOnlySpan<string> more)
    {
        NodeProto added = new() { OpType = type, Name = node.Name };
        added.Input.Add(TrimOptional(node.Inputs));
        foreach (string input in more)
            added.Input.Add(input);
        added.Output.Add(node.Outputs);
        proto.Node.Add(added);
        return added;
    }

    /// <summary>Adds one of several ONNX nodes; its output gets the name of the node, made unique.</summary>
    /// <param name="type">The ONNX operator.</param>
    /// <param name="suggestion">A name for node and output.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="output">The output's name, or null for a new one.</param>
    public NodeProto AddPart(string type, string suggestion, ReadOnlySpan<string> inputs, string? output = null)
    {
        NodeProto added = new() { OpType = type, Name = nodeNames.Create(suggestion) };
        foreach (string input in inputs)
            added.Input.Add(input);
        added.Output.Add(output ?? valueNames.Create(suggestion));
        proto.Node.Add(added);
        return added;
    }

    /// <summary>Stores one number.</summary>
    /// <returns>Its value name.</returns>
    public string StoreScalar(string part, float value)
    {
        string name = valueNames.Create($"{node.Name}.{part}");
        proto.Initializer.Add(TensorWriter.Floats(name, new Tensor(new Shape([]), [value])));
        return name;
    }

    /// <summary>Stores whole numbers.</summary>
    /// <returns>Their value name.</returns>
    public string StoreIntegers(string part, ReadOnlySpan<int> values)
    {
        string name = valueNames.Create($"{node.Name}.{part}");
        proto.Initializer.Add(TensorWriter.Integers(name, values));
        return name;
    }

    private static IEnumerable<string> TrimOptional(ImmutableArray<string> inputs)
    {
        int count = inputs.Length;
        while (count > 0 && inputs[count - 1].Length == 0)
            count--;
        return inputs.Take(count);
    }
}
