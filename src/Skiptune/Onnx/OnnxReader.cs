using Google.Protobuf;
using Skiptune.Networks;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>
/// Reads an ONNX model (operator sets 7 to 21, float32) into a <see cref="Graph"/>. What the file says is trusted in
/// nothing: what does not hold is a <see cref="SkiptuneException"/>, and no more memory is taken than a few times
/// the file's size.
/// </summary>
public static class OnnxReader
{
    /// <summary>The oldest operator set that is read.</summary>
    public const int OldestOpset = 7;

    /// <summary>The newest operator set that is read.</summary>
    public const int NewestOpset = 21;

    /// <summary>The largest file, in bytes: what protocol buffers and one array can hold.</summary>
    public const int MaxBytes = 0x7FFFFFC7;

    private static readonly MessageParser<ModelProto> s_parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    /// <summary>Reads a model.</summary>
    /// <param name="stream">The file's bytes; read to the end.</param>
    /// <param name="fileName">The name in errors.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="SkiptuneException">The file is no model, or not one that is supported.</exception>
    public static Graph Read(Stream stream, string fileName, OnnxReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(BoundedStream.ReadToEnd(stream, MaxBytes, fileName), fileName, options);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="fileName">The name in errors.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="SkiptuneException">The file is no model, or not one that is supported.</exception>
    public static Graph Read(byte[] bytes, string fileName, OnnxReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            return Read(Parse(bytes), bytes.Length, options ?? new OnnxReadOptions());
        }
        catch (SkiptuneException e)
        {
            throw ErrorText.Of(fileName, e.Message, e);
        }
    }

    private static ModelProto Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
            throw new SkiptuneException("is empty; copy or export the model again");
        WireGuard.Check(bytes);
        try
        {
            return s_parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SkiptuneException($"is not an ONNX model, or is damaged ({e.Message})", e);
        }
    }

    private static Graph Read(ModelProto model, long fileBytes, OnnxReadOptions options)
    {
        if (model.Graph is not { } proto || (model.IrVersion == 0 && model.OpsetImport.Count == 0))
            throw new SkiptuneException("is not an ONNX model: it has no graph or no version");
        int opset = OpsetOf(model);
        UnsupportedNodes.Refuse(proto);
        GraphAssembler assembler = new(proto, opset, fileBytes, options);
        UniqueNames names = NamesOf(proto);
        for (int i = 0; i < proto.Node.Count; i++)
        {
            NodeProto node = proto.Node[i];
            string name = node.Name.Length > 0 ? node.Name : names.Create($"{node.OpType}_{i}");
            Translate(node, name, assembler);
        }
        return assembler.Build(names);
    }

    private static void Translate(NodeProto node, string name, GraphAssembler assembler)
    {
        try
        {
            NodeReader reader = new(node, name, assembler);
            if (!KnownOps.TryRead(reader, node.OpType))
                OnnxOps.Readers[node.OpType](reader);
            reader.Attributes.RefuseUnread();
        }
        catch (SkiptuneException e)
        {
            throw new SkiptuneException($"node {ErrorText.Quote(name)} ({node.OpType}): {e.Message}", e);
        }
    }

    private static int OpsetOf(ModelProto model)
    {
        long[] versions = [.. model.OpsetImport.Where(import => UnsupportedNodes.IsStandard(import.Domain)).Select(import => import.Version).Distinct()];
        if (versions.Length != 1)
            throw new SkiptuneException($"names {versions.Length} versions of the ONNX operator set; 1 is needed");
        if (versions[0] is < OldestOpset or > NewestOpset)
            throw new SkiptuneException($"uses ONNX operator set {versions[0]}; {OldestOpset} to {NewestOpset} are supported: export the model with one of them");
        return (int)versions[0];
    }

    private static UniqueNames NamesOf(GraphProto graph)
    {
        UniqueNames names = new();
        foreach (NodeProto node in graph.Node)
        {
            if (node.Name.Length > 0 && !names.Take(node.Name))
                throw new SkiptuneException($"two nodes have the name {ErrorText.Quote(node.Name)}");
        }
        return names;
    }
}
