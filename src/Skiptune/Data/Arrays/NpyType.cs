using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>The element types of NPY files that are read.</summary>
internal enum NpyType
{
    Byte,
    Int32,
    Int64,
    Single,
    Double,
}

/// <summary>Elements as bytes, little-endian, to numbers.</summary>
internal static class NpyElements
{
    public const string Supported = "'<f4', '<f8', '|u1', '<i4' and '<i8'";

    public static NpyType? TypeOf(string descriptor) => descriptor switch
    {
        "|u1" or "<u1" or ">u1" => NpyType.Byte,
        "<i4" => NpyType.Int32,
        "<i8" => NpyType.Int64,
        "<f4" => NpyType.Single,
        "<f8" => NpyType.Double,
        _ => null,
    };

    public static int SizeOf(NpyType type) => type switch
    {
        NpyType.Byte => 1,
        NpyType.Int32 or NpyType.Single => 4,
        _ => 8,
    };

    public static bool IsInteger(NpyType type) => type is NpyType.Byte or NpyType.Int32 or NpyType.Int64;

    /// <summary>As many elements as the destination holds, each rounded to float32; one too large for it becomes infinite.</summary>
    public static void ToSingle(NpyType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (type == NpyType.Single)
        {
            LittleEndian.Read(bytes, values);
            return;
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                NpyType.Byte => bytes[i],
                NpyType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                _ => ToInt64(type, bytes, i),
            };
        }
    }

    /// <summary>One element of an integer type.</summary>
    public static long ToInt64(NpyType type, ReadOnlySpan<byte> bytes, int index) => type switch
    {
        NpyType.Byte => bytes[index],
        NpyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * index)..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * index)..]),
    };
}
