using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Skiptune.Numerics;

/// <summary>float32 values as files hold them: 4 bytes each, the low byte first.</summary>
internal static class LittleEndian
{
    /// <summary>Reads as many values as the destination holds.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            bytes[..(sizeof(float) * values.Length)].CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * i)..]);
    }

    /// <summary>Writes all values.</summary>
    public static void Write(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
            return;
        }
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(sizeof(float) * i)..], values[i]);
    }
}
