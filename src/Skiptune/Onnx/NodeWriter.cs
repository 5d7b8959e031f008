using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>One node of a graph as a translator writes it: to one ONNX node or several.</summary>
/// <param name="node">The node.</param>
/// <param name="opset">The version of the operator set that is written.</param>
/// <param name="proto">Where to write it.</param>
/// <param name="shapes">The shapes of all values for a batch of 1.</param>
/// <param name="types">The element types of all values.</param>
/// <param name="nodeNames">Node names taken.</param>
/// <param name="valueNames">Value names taken.</param>
internal sealed class NodeWriter(
    Node node, int opset, GraphProto proto, IReadOnlyDictionary<string, Shape> shapes, FileTypes types, UniqueNames nodeNames, UniqueNames valueNames)
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
        added.Input.Add(TrimOptional(node.Inputs).Select(AsFloat));
        foreach (string input in more)
            added.Input.Add(input);
        added.Output.Add(node.Outputs);
        proto.Node.Add(added);
        return added;
    }

    /// <summary>Adds the ONNX node that stands for the whole node, with other inputs, in their types.</summary>
    public NodeProto AddWith(string type, ReadOnlySpan<string> inputs)
    {
        NodeProto added = new() { OpType = type, Name = node.Name };
        foreach (string input in inputs)
            added.Input.Add(input);
        added.Output.Add(node.Outputs);
        proto.Node.Add(added);
        return added;
    }

    /// <summary>Adds the ONNX node that stands for the whole node, whose result is not of floats, and a cast to them where that is needed.</summary>
    public NodeProto AddAsFloat(string type)
    {
        NodeProto added = Add(type);
        if (types.Of(node.Output) == FileTypes.MadeBy(node.Op))
            return added;
        added.Output[0] = valueNames.Create($"{node.Name}.value");
        AddPart("Cast", $"{node.Name}.float", [added.Output[0]], node.Output).With("to", ElementType.Float);
        return added;
    }

    /// <summary>Casts a value where it is not of that type already.</summary>
    /// <returns>The name of the result.</returns>
    public string AddCast(string value, int type) =>
        types.Of(value) == type ? value : AddPart("Cast", $"{node.Name}.cast", [value]).With("to", type).Output();

    /// <summary>Stores a shape, or computes it where an extent of 0 stands for the one a value has on that axis (or, beyond its axes, for its batch).</summary>
    /// <returns>Its value name.</returns>
    public string AddShape(ReadOnlySpan<int> extents, string like)
    {
        if (!extents.Contains(0))
            return StoreIntegers("shape", extents);
        string shape = AddPart("Shape", $"{node.Name}.like", [like]).Output();
        string[] parts = new string[extents.Length];
        for (int axis = 0; axis < parts.Length; axis++)
        {
            int from = node.Op is Expand ? 0 : axis;
            parts[axis] = extents[axis] != 0
                ? StoreIntegers("extent", [extents[axis]])
                : AddPart("Slice", $"{node.Name}.extent", [shape, StoreIntegers("from", [from]), StoreIntegers("to", [from + 1])]).Output();
        }
        return AddPart("Concat", $"{node.Name}.shape", parts).With("axis", 0).Output();
    }

    /// <summary>Stores numbers.</summary>
    /// <returns>Their value name.</returns>
    public string StoreFloats(string part, ReadOnlySpan<float> values)
    {
        string name = valueNames.Create($"{node.Name}.{part}");
        proto.Initializer.Add(TensorWriter.Floats(name, new Tensor(new Shape(values.Length), values)));
        return name;
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

    // In memory whole numbers are floats like any other; in the file they are not.
    private string AsFloat(string input) => FileTypes.TakesAny(node.Op) ? input : AddCast(input, ElementType.Float);

    private static IEnumerable<string> TrimOptional(ImmutableArray<string> inputs)
    {
        int count = inputs.Length;
        while (count > 0 && inputs[count - 1].Length == 0)
            count--;
        return inputs.Take(count);
    }
}
