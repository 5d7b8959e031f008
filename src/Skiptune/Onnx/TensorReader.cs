using System.Buffers.Binary;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Turns stored tensors into values; nothing is allocated before the data are known to be there.</summary>
internal static class TensorReader
{
    /// <summary>The most axes a tensor may have.</summary>
    public const int MaxRank = 8;

    // Whole numbers up to here are exact in float32.
    private const double LargestExact = 1 << 24;

    /// <summary>
    /// A tensor of any number type as float32. Exact from float16, bfloat16 and the integers of up to 16 bits; float64
    /// is rounded; larger integers must be below 2^24 in size.
    /// </summary>
    /// <exception cref="SkiptuneException">It is of another type, incomplete, or not a number.</exception>
    public static Tensor Floats(TensorProto proto)
    {
        Shape shape = new(Dims(proto));
        CheckStored(proto, shape.Count);
        Tensor tensor = new(shape);
        Span<float> values = tensor.Span;
        if (proto.DataType == ElementType.Float && proto.RawData.Length > 0)
        {
            LittleEndian.Read(proto.RawData.Span, values);
        }
        else
        {
            bool whole = !ElementType.IsFloat(proto.DataType);
            for (int i = 0; i < values.Length; i++)
            {
                double value = Element(proto, i);
                if (whole && Math.Abs(value) > LargestExact)
                    throw Fail(proto, $"holds {value}, which has no exact float32; keep integers that meet floats below 2^24");
                values[i] = (float)value;
            }
        }
        foreach (float value in values)
        {
            if (float.IsNaN(value))
                throw Fail(proto, "holds NaN or infinity; the weights are damaged or training has diverged");
        }
        return tensor;
    }

    /// <summary>A small tensor of any number type as float64, in which int64 above 2^53 is rounded.</summary>
    /// <exception cref="SkiptuneException">It is of another type or incomplete.</exception>
    public static double[] Numbers(TensorProto proto, out Shape shape)
    {
        shape = new Shape(Dims(proto));
        CheckStored(proto, shape.Count);
        double[] values = new double[shape.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Element(proto, i);
        return values;
    }

    /// <summary>The extents, checked against the limits but not yet against the data.</summary>
    public static int[] Dims(TensorProto proto)
    {
        if (ElementType.SizeOf(proto.DataType) == 0)
            throw Fail(proto, $"is of {ElementType.NameOf(proto.DataType)}; convert it to float32 or int64");
        if (proto.Dims.Count > MaxRank)
            throw Fail(proto, $"has {proto.Dims.Count} axes; {MaxRank} are the most");
        int[] dims = new int[proto.Dims.Count];
        long count = 1;
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

    private static void CheckStored(TensorProto proto, int count)
    {
        int raw = proto.RawData.Length;
        int listed = Listed(proto);
        if (raw > 0 && listed > 0)
            throw Fail(proto, "holds its data twice");
        if (raw > 0 ? raw != (long)count * ElementType.SizeOf(proto.DataType) : listed != count)
            throw Fail(proto, $"of {count} elements has {(raw > 0 ? $"{raw} bytes" : $"{listed} elements")} of data");
    }

    private static int Listed(TensorProto proto) => proto.DataType switch
    {
        ElementType.Float => proto.FloatData.Count,
        ElementType.Float64 => proto.DoubleData.Count,
        ElementType.Int64 => proto.Int64Data.Count,
        ElementType.UInt32 or ElementType.UInt64 => proto.Uint64Data.Count,
        _ => proto.Int32Data.Count,
    };

    private static double Element(TensorProto proto, int index)
    {
        if (proto.RawData.Length == 0)
        {
            return proto.DataType switch
            {
                ElementType.Float => proto.FloatData[index],
                ElementType.Float64 => proto.DoubleData[index],
                ElementType.Int64 => proto.Int64Data[index],
                ElementType.UInt32 or ElementType.UInt64 => proto.Uint64Data[index],
                // Sixteen-bit floats stand in the list by their bits.
                ElementType.Float16 => (double)BitConverter.UInt16BitsToHalf((ushort)proto.Int32Data[index]),
                ElementType.BFloat16 => BFloat16((ushort)proto.Int32Data[index]),
                ElementType.Bool => proto.Int32Data[index] != 0 ? 1 : 0,
                _ => proto.Int32Data[index],
            };
        }
        int size = ElementType.SizeOf(proto.DataType);
        ReadOnlySpan<byte> bytes = proto.RawData.Span.Slice(size * index, size);
        return proto.DataType switch
        {
            ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ElementType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ElementType.BFloat16 => BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            ElementType.UInt8 => bytes[0],
            ElementType.Int8 => (sbyte)bytes[0],
            ElementType.Bool => bytes[0] != 0 ? 1 : 0,
            ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
    }

    // A bfloat16 is the upper half of a float32.
    private static double BFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static SkiptuneException Fail(TensorProto proto, string problem) => new($"the tensor {ErrorText.Quote(proto.Name)} {problem}");
}
