using System.Buffers.Binary;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Turns stored tensors into values; nothing is allocated before the data are known to be there.</summary>
internal static class TensorReader
{
    /// <summary>The most axes a tensor may have.</summary>
    public const int MaxRank = 8;

    /// <summary>A float32 tensor: a weight.</summary>
    /// <exception cref="SkiptuneException">It is of another type, incomplete, or not finite.</exception>
    public static Tensor Floats(TensorProto proto)
    {
        int[] dims = Dims(proto, ElementType.Float, out long count);
        int stored = CheckStored(proto, count, sizeof(float), proto.FloatData.Count);
        Tensor tensor = new(new Shape(dims));
        if (stored > 0 && proto.RawData.Length > 0)
        {
            LittleEndian.Read(proto.RawData.Span, tensor.Span);
        }
        else
        {
            Span<float> values = tensor.Span;
            for (int i = 0; i < values.Length; i++)
                values[i] = proto.FloatData[i];
        }
        if (!tensor.IsFinite())
            throw Fail(proto, "holds NaN or infinity; the weights are damaged or training has diverged");
        return tensor;
    }

    /// <summary>An int64 vector or scalar: a shape.</summary>
    /// <exception cref="SkiptuneException">It is of another type or incomplete.</exception>
    public static long[] Integers(TensorProto proto)
    {
        int[] dims = Dims(proto, ElementType.Int64, out long count);
        if (dims.Length > 1)
            throw Fail(proto, $"should be a vector, but has {dims.Length} axes");
        CheckStored(proto, count, sizeof(long), proto.Int64Data.Count);
        if (proto.RawData.Length == 0)
            return [.. proto.Int64Data];
        long[] values = new long[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(proto.RawData.Span[(sizeof(long) * i)..]);
        return values;
    }

    /// <summary>One bool.</summary>
    /// <exception cref="SkiptuneException">It is of another type or not one.</exception>
    public static bool Flag(TensorProto proto)
    {
        Dims(proto, ElementType.Bool, out long count);
        if (count != 1)
            throw Fail(proto, $"should be one bool, but has {count} elements");
        CheckStored(proto, count, sizeof(bool), proto.Int32Data.Count);
        return proto.RawData.Length == 0 ? proto.Int32Data[0] != 0 : proto.RawData[0] != 0;
    }

    private static int[] Dims(TensorProto proto, int type, out long count)
    {
        if (proto.DataLocation != TensorProto.Types.DataLocation.Default || proto.ExternalData.Count > 0)
            throw Fail(proto, "is stored in another file; save the model with its weights inside");
        if (proto.DataType != type)
            throw Fail(proto, $"is of {ElementType.NameOf(proto.DataType)}, where {ElementType.NameOf(type)} is needed; convert it");
        if (proto.Dims.Count > MaxRank)
            throw Fail(proto, $"has {proto.Dims.Count} axes; {MaxRank} are the most");
        int[] dims = new int[proto.Dims.Count];
        count = 1;
        bool empty = proto.Dims.Contains(0);
        for (int axis = 0; axis < dims.Length; axis++)
        {
            long extent = proto.Dims[axis];
            if (extent is < 0 or > Shape.MaxElements)
                throw Fail(proto, $"cannot have the extent {extent}");
            dims[axis] = (int)extent;
            count = empty ? 0 : count * extent;
            if (count > Shape.MaxElements)
                throw Fail(proto, $"of {string.Join('x', proto.Dims)} is too large");
        }
        return dims;
    }

    private static int CheckStored(TensorProto proto, long count, int elementBytes, int listed)
    {
        int raw = proto.RawData.Length;
        if (raw > 0 && listed > 0)
            throw Fail(proto, "holds its data twice");
        if (raw > 0 ? raw != count * elementBytes : listed != count)
            throw Fail(proto, $"of {count} elements has {(raw > 0 ? $"{raw} bytes" : $"{listed} elements")} of data");
        return (int)count;
    }

    private static SkiptuneException Fail(TensorProto proto, string problem) => new($"the tensor {ErrorText.Quote(proto.Name)} {problem}");
}
