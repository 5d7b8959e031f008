using Skiptune.Onnx.Proto;
using AttributeType = Skiptune.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace Skiptune.Onnx;

/// <summary>Constant: a tensor stored in a node, or numbers given as attributes.</summary>
internal static class ConstantTranslator
{
    public static void Read(NodeReader node)
    {
        node.CheckInputs(0, 0);
        TensorProto?[] given = [Whole(node), Number(node), Numbers(node), Integer(node), Integers(node)];
        TensorProto[] found = [.. given.OfType<TensorProto>()];
        if (found.Length != 1)
        {
            // Says which attribute it has instead.
            node.Attributes.RefuseUnread();
            throw new SkiptuneException($"it has {found.Length} values; exactly one is needed");
        }
        node.Define(found[0]);
    }

    private static TensorProto? Whole(NodeReader node) =>
        node.Attributes.Take("value", AttributeType.Tensor) is { } attribute
            ? Named(node, attribute.T ?? throw new SkiptuneException("its value is missing"))
            : null;

    private static TensorProto? Number(NodeReader node) =>
        node.Attributes.Take("value_float", AttributeType.Float) is { } attribute
            ? Named(node, new TensorProto { DataType = ElementType.Float, FloatData = { attribute.F } })
            : null;

    private static TensorProto? Numbers(NodeReader node) =>
        node.Attributes.Take("value_floats", AttributeType.Floats) is { } attribute
            ? Named(node, new TensorProto { DataType = ElementType.Float, Dims = { attribute.Floats.Count }, FloatData = { attribute.Floats } })
            : null;

    private static TensorProto? Integer(NodeReader node) =>
        node.Attributes.Take("value_int", AttributeType.Int) is { } attribute
            ? Named(node, new TensorProto { DataType = ElementType.Int64, Int64Data = { attribute.I } })
            : null;

    private static TensorProto? Integers(NodeReader node) =>
        node.Attributes.Take("value_ints", AttributeType.Ints) is { } attribute
            ? Named(node, new TensorProto { DataType = ElementType.Int64, Dims = { attribute.Ints.Count }, Int64Data = { attribute.Ints } })
            : null;

    // The name in the node's tensor is often empty; errors should say which value is meant.
    private static TensorProto Named(NodeReader node, TensorProto tensor)
    {
        tensor.Name = node.Output;
        return tensor;
    }
}
