using System.Runtime.InteropServices;
using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx;
using Skiptune.Onnx.Proto;

namespace Skiptune.Tests.Onnx;

/// <summary>Builds the ONNX files of the tests, good and bad.</summary>
internal static class Protos
{
    public const string FileName = "test.onnx";

    public static NodeProto Node(string type, string name, string[] inputs, params string[] outputs)
    {
        NodeProto node = new() { OpType = type, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        return node;
    }

    public static TensorProto Floats(string name, int[] dims, params float[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = ElementType.Float };
        tensor.Dims.Add(dims.Select(dim => (long)dim));
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        return tensor;
    }

    /// <summary>Values 0.1, 0.2, ... so that each is its own.</summary>
    public static TensorProto Ramp(string name, params int[] dims) =>
        Floats(name, dims, [.. Enumerable.Range(1, dims.Aggregate(1, (a, b) => a * b)).Select(i => 0.1f * i)]);

    public static TensorProto Integers(string name, params long[] values)
    {
        TensorProto tensor = new() { Name = name, DataType = ElementType.Int64, Dims = { values.Length } };
        tensor.Int64Data.Add(values);
        return tensor;
    }

    /// <summary>A value; a dimension is a number, or a name.</summary>
    public static ValueInfoProto Value(string name, params object[] dims)
    {
        TensorShapeProto shape = new();
        foreach (object dim in dims)
            shape.Dim.Add(dim is string symbol ? new TensorShapeProto.Types.Dimension { DimParam = symbol } : new() { DimValue = Convert.ToInt64(dim) });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = ElementType.Float, Shape = shape } },
        };
    }

    public static ModelProto Model(ValueInfoProto input, NodeProto[] nodes, TensorProto[] initializers, string output = "y", int opset = 17)
    {
        ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "g" }, OpsetImport = { new OperatorSetIdProto { Version = opset } } };
        model.Graph.Input.Add(input);
        model.Graph.Node.Add(nodes);
        model.Graph.Initializer.Add(initializers);
        model.Graph.Output.Add(Value(output, "n"));
        return model;
    }

    /// <summary>x (n x 3) to y (n x 2).</summary>
    public static ModelProto Dense() => Model(
        Value("x", "n", 3),
        [Node("Gemm", "fc", ["x", "w", "b"], "y").With("transB", 1)],
        [Ramp("w", 2, 3), Ramp("b", 2)]);

    /// <summary>One node over an image of 1 x 8 x 8 or what is given.</summary>
    public static ModelProto OverImage(NodeProto node, params TensorProto[] initializers) =>
        Model(Value("x", "n", 2, 8, 8), [node], initializers);

    public static Graph Read(ModelProto model) => OnnxReader.Read(model.ToByteArray(), FileName);

    public static string ReadError(ModelProto model) => ReadError(model.ToByteArray());

    public static string ReadError(byte[] bytes) => Failures.Message(FileName, () => OnnxReader.Read(bytes, FileName));
}
