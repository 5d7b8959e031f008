using System.Buffers.Binary;

namespace Skiptune.Data;

/// <summary>A part of a PNG file: where its content is, and its type.</summary>
internal readonly record struct PngChunk(int Start, int Length, uint Type)
{
    /// <summary>Whether a decoder that does not know it must give up: the first letter of the type is upper case.</summary>
    public bool IsCritical => (Type >> 24 & 0x20) == 0;

    public bool Is(ReadOnlySpan<byte> type) => Type == BinaryPrimitives.ReadUInt32BigEndian(type);
}
