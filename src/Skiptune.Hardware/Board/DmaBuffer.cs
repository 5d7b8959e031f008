namespace Skiptune.Hardware.Board;

/// <summary>Memory that the DMA engines read and write, too.</summary>
/// <remarks>It is read and written in whole words only: some kinds of memory allow nothing else.</remarks>
internal sealed unsafe class DmaBuffer(ulong address, uint* memory, int size)
{
    /// <summary>Where transfers begin: what the widest memory port of an engine asks for.</summary>
    public const int Alignment = 64;

    /// <summary>The address for the engines.</summary>
    public ulong Address => address;

    /// <summary>Bytes.</summary>
    public int Size => size;

    /// <summary>A part of it.</summary>
    public DmaBuffer Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(size - offset));
        return new DmaBuffer(address + (ulong)offset, memory + offset / 4, length);
    }

    /// <summary>Writes a packet of words of 16 or 32 bits.</summary>
    /// <returns>Its bytes.</returns>
    public int Write(int offset, uint[] packet, int wordBytes)
    {
        int length = packet.Length * wordBytes;
        Span<uint> target = new(Slice(offset, Rounded(length)).Memory, (length + 3) / 4);
        if (wordBytes == sizeof(uint))
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = packet[i];
        }
        else
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = packet[2 * i] & 0xFFFF | (2 * i + 1 < packet.Length ? packet[2 * i + 1] << 16 : 0);
        }
        return length;
    }

    /// <summary>Reads words.</summary>
    public uint[] Read(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, size / sizeof(uint));
        uint[] words = new uint[count];
        for (int i = 0; i < count; i++)
            words[i] = Volatile.Read(ref memory[i]);
        return words;
    }

    /// <summary>A length that keeps what follows aligned.</summary>
    public static int Rounded(int length) => (length + Alignment - 1) / Alignment * Alignment;

    private uint* Memory => memory;
}
