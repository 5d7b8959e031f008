using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>
/// Writes a <see cref="Graph"/> as a plain ONNX model that any runtime can load: the same graph gives the same bytes.
/// Batch normalisation is written in its inference form and adapters as matrix products.
/// </summary>
public static class OnnxWriter
{
    /// <summary>The oldest operator set that is written: graphs of an older one are raised to it.</summary>
    public const int OldestOpset = 13;

    /// <summary>The newest operator set that is written.</summary>
    public const int NewestOpset = OnnxReader.NewestOpset;

    // Protocol buffers stop at 2^31; this much is left for all but the weights.
    private const long MaxWeightBytes = int.MaxValue - (64L << 20);

    /// <summary>Writes a model.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="SkiptuneException">
    /// A weight is not finite, the shapes do not fit, an operator has no ONNX form, or there are more than 2 GB.
    /// </exception>
    public static byte[] Write(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int opset = OpsetOf(graph);
        ModelProto model = new()
        {
            IrVersion = IrVersionOf(opset),
            ProducerName = "skiptune",
            Graph = Translate(graph, opset),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return model.ToByteArray();
    }

    /// <summary>The operator set a graph is written in: its own, or the oldest after it that has all operators of the graph.</summary>
    /// <param name="graph">The graph.</param>
    public static int OpsetOf(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Nodes.Select(node => FirstOpsetOf(node.Op)).Append(Math.Clamp(graph.Opset, OldestOpset, NewestOpset)).Max();
    }

    // The version of the format that an operator set came with; one before 8 brings nothing that matters.
    private static int IrVersionOf(int opset) => opset switch
    {
        >= 21 => 10,
        >= 19 => 9,
        _ => 8,
    };

    // The operator set from which on the operator is there, or has what is used of it.
    private static int FirstOpsetOf(Op op) => op switch
    {
        HardSwish => 14,
        Pad { Mode: PadMode.Wrap } => 19,
        AveragePool { Window: not { DilationX: 1, DilationY: 1 } } => 19,
        Gelu => 20,
        _ => OldestOpset,
    };

    private static GraphProto Translate(Graph graph, int opset)
    {
        IReadOnlyDictionary<string, Shape> shapes = ShapeInference.Infer(graph, 1);
        GraphProto proto = new() { Name = graph.Name.Length == 0 ? "graph" : graph.Name };
        foreach (GraphInput input in graph.Inputs)
            proto.Input.Add(Declare(input.Name, shapes[input.Name], input.IsInteger ? ElementType.Int64 : ElementType.Float, input.HasBatch));
        foreach (string output in graph.Outputs)
            proto.Output.Add(Declare(output, shapes[output], ElementType.Float, graph.Inputs.Any(input => input.HasBatch)));
        WeightCheck.Run(graph.Nodes, graph.Constants);
        FileTypes types = new(graph);
        StoreWeights(graph, types, proto);
        (UniqueNames nodeNames, UniqueNames valueNames) = NamesOf(graph);
        foreach (Node node in graph.Nodes)
        {
            if (!OnnxOps.Writers.TryGetValue(node.Op.GetType(), out Action<NodeWriter>? write))
                throw new SkiptuneException(ErrorText.OneLine($"node {ErrorText.Quote(node.Name)}: {node.Op.Type} has no ONNX form and cannot be saved"));
            write(new NodeWriter(node, opset, proto, shapes, types, nodeNames, valueNames));
        }
        return proto;
    }

    // In the order of use: the order of a hash table would differ from run to run.
    private static void StoreWeights(Graph graph, FileTypes types, GraphProto proto)
    {
        string[] used = [.. graph.Nodes.SelectMany(node => node.Inputs).Distinct(StringComparer.Ordinal).Where(graph.Constants.ContainsKey)];
        if (used.Sum(name => sizeof(float) * (long)graph.Constants[name].Shape.Count) > MaxWeightBytes)
            throw new SkiptuneException($"the weights of '{ErrorText.OneLine(graph.Name)}' take more than the 2 GB an ONNX file can hold");
        foreach (string name in used)
            proto.Initializer.Add(TensorWriter.Typed(name, graph.Constants[name], types.Of(name)));
    }

    private static (UniqueNames Nodes, UniqueNames Values) NamesOf(Graph graph)
    {
        UniqueNames nodes = new();
        UniqueNames values = new();
        foreach (string value in graph.Inputs.Select(input => input.Name).Concat(graph.Constants.Keys))
            values.Take(value);
        foreach (Node node in graph.Nodes)
        {
            nodes.Take(node.Name);
            foreach (string output in node.Outputs)
                values.Take(output);
        }
        return (nodes, values);
    }

    private static ValueInfoProto Declare(string name, Shape shape, int elementType, bool hasBatch)
    {
        TensorShapeProto dims = new();
        if (hasBatch)
            dims.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        foreach (int extent in shape.Extents.Skip(hasBatch ? 1 : 0))
            dims.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = extent });
        TypeProto.Types.Tensor type = new() { ElemType = elementType, Shape = dims };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
