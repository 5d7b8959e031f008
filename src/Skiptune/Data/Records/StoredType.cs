using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>How files store the values of samples.</summary>
internal enum StoredType
{
    /// <summary>A byte as it is, 0 .. 255.</summary>
    Byte,

    /// <summary>A byte of an image, read as value / 255.</summary>
    Pixel,
    Int32,
    Int64,
    Single,
    Double,
}

/// <summary>Values as bytes, little-endian, to numbers.</summary>
internal static class StoredValues
{
    public static int SizeOf(StoredType type) => type switch
    {
        StoredType.Byte or StoredType.Pixel => 1,
        StoredType.Int32 or StoredType.Single => 4,
        _ => 8,
    };

    /// <summary>Whether all values are whole numbers.</summary>
    public static bool IsInteger(StoredType type) => type is StoredType.Byte or StoredType.Int32 or StoredType.Int64;

    /// <summary>Whether a value can be NaN or infinite as float32.</summary>
    public static bool CanBeNotFinite(StoredType type) => type is StoredType.Single or StoredType.Double;

    /// <summary>As many values as the destination holds, each rounded to float32; one too large for it becomes infinite.</summary>
    public static void ToSingle(StoredType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (type == StoredType.Single)
        {
            LittleEndian.Read(bytes, values);
            return;
        }
        if (type == StoredType.Pixel)
        {
            UnitPixels.Convert(bytes[..values.Length], values);
            return;
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                StoredType.Byte => bytes[i],
                StoredType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                _ => ToInt64(type, bytes, i),
            };
        }
    }

    /// <summary>One value of an integer type.</summary>
    public static long ToInt64(StoredType type, ReadOnlySpan<byte> bytes, int index) => type switch
    {
        StoredType.Byte => bytes[index],
        StoredType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * index)..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * index)..]),
    };
}
