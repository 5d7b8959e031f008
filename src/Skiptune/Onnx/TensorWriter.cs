using System.Buffers.Binary;
using Google.Protobuf;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Stored tensors, their values as raw bytes.</summary>
internal static class TensorWriter
{
    public static TensorProto Floats(string name, Tensor tensor)
    {
        if (HasNaN(tensor.Span))
            throw new SkiptuneException($"the tensor {ErrorText.Quote(name)} holds NaN and is not written; training has diverged: lower the learning rate");
        byte[] bytes = new byte[sizeof(float) * (long)tensor.Shape.Count];
        LittleEndian.Write(tensor.Span, bytes);
        TensorProto proto = new() { Name = name, DataType = ElementType.Float, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        foreach (int extent in tensor.Shape.Extents)
            proto.Dims.Add(extent);
        return proto;
    }

    /// <summary>Floats, or whole numbers or conditions that are floats in memory.</summary>
    public static TensorProto Typed(string name, Tensor tensor, int type)
    {
        if (type == ElementType.Float)
            return Floats(name, tensor);
        TensorProto proto = new() { Name = name, DataType = type };
        foreach (int extent in tensor.Shape.Extents)
            proto.Dims.Add(extent);
        byte[] bytes = new byte[ElementType.SizeOf(type) * (long)tensor.Shape.Count];
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            if (type == ElementType.Bool)
                bytes[i] = tensor.Span[i] != 0 ? (byte)1 : (byte)0;
            else
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) * i), (long)tensor.Span[i]);
        }
        proto.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return proto;
    }

    public static TensorProto Integers(string name, ReadOnlySpan<int> values)
    {
        byte[] bytes = new byte[sizeof(long) * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) * i), values[i]);
        TensorProto proto = new() { Name = name, DataType = ElementType.Int64, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        proto.Dims.Add(values.Length);
        return proto;
    }

    private static bool HasNaN(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (float.IsNaN(value))
                return true;
        }
        return false;
    }
}
