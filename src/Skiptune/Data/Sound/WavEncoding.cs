using System.Buffers.Binary;

namespace Skiptune.Data;

/// <summary>How a WAV file stores a number.</summary>
internal enum WavEncoding
{
    /// <summary>8 bits, 128 for silence.</summary>
    UInt8,

    /// <summary>16 bits.</summary>
    Int16,

    /// <summary>24 bits.</summary>
    Int24,

    /// <summary>32 bits.</summary>
    Int32,

    /// <summary>float32.</summary>
    Float32,
}

/// <summary>Reads stored numbers as -1 .. 1.</summary>
internal static class WavNumbers
{
    private const int Pcm = 1;
    private const int Float = 3;

    /// <summary>The encoding by the numbers of a format part, or null for one that is not read.</summary>
    public static WavEncoding? Of(int kind, int bits) => (kind, bits) switch
    {
        (Pcm, 8) => WavEncoding.UInt8,
        (Pcm, 16) => WavEncoding.Int16,
        (Pcm, 24) => WavEncoding.Int24,
        (Pcm, 32) => WavEncoding.Int32,
        (Float, 32) => WavEncoding.Float32,
        _ => null,
    };

    /// <summary>The bytes of a number.</summary>
    public static int Bytes(this WavEncoding encoding) => encoding switch
    {
        WavEncoding.UInt8 => 1,
        WavEncoding.Int16 => 2,
        WavEncoding.Int24 => 3,
        _ => 4,
    };

    /// <summary>The first number, an integer divided by the size of the smallest one.</summary>
    public static float Read(this WavEncoding encoding, ReadOnlySpan<byte> bytes) => encoding switch
    {
        WavEncoding.UInt8 => (bytes[0] - 128) / 128f,
        WavEncoding.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f,
        WavEncoding.Int24 => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8388608f,
        WavEncoding.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648f,
        _ => BinaryPrimitives.ReadSingleLittleEndian(bytes),
    };
}
