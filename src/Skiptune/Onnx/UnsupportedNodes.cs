using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Names every node that cannot be read in one error, with what to do about it.</summary>
internal static class UnsupportedNodes
{
    /// <summary>Throws if there are any.</summary>
    public static void Refuse(GraphProto graph)
    {
        // Some operators are known for values computed at import alone: those that no input's values flow into.
        HashSet<string> computed = new(graph.Initializer.Select(tensor => tensor.Name), StringComparer.Ordinal) { "" };
        List<NodeProto> unsupported = [];
        foreach (NodeProto node in graph.Node)
        {
            bool constant = node.Input.All(computed.Contains);
            if (constant || (IsStandard(node.Domain) && node.OpType is "Shape" or "Size"))
                computed.UnionWith(node.Output);
            if (!IsStandard(node.Domain) || !(OnnxOps.Readers.ContainsKey(node.OpType) || (KnownOps.Knows(node.OpType) && node.Output.All(computed.Contains))))
                unsupported.Add(node);
        }
        if (unsupported.Count == 0)
            return;
        IEnumerable<string> lines = unsupported.GroupBy(OpOf, StringComparer.Ordinal).Select(group =>
            $"{string.Join(", ", group.Select(NameOf))} ({group.Key}): {Remedies.For(IsStandard(group.First().Domain) ? group.Key : "")}");
        throw new SkiptuneException($"{(unsupported.Count == 1 ? "1 node is" : $"{unsupported.Count} nodes are")} not supported: {string.Join("; ", lines)}");
    }

    /// <summary>True for the domain of the ONNX standard.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private static string OpOf(NodeProto node) => IsStandard(node.Domain) ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static string NameOf(NodeProto node) => ErrorText.Quote(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(""));
}
