namespace Skiptune.Hardware.Simulation;

/// <summary>Bits in an array of 32-bit words, lowest first.</summary>
internal readonly unsafe struct PortBits(uint* words)
{
    /// <summary>Reads up to 64 bits.</summary>
    public long Read(int offset, int width)
    {
        ulong value = 0;
        for (int done = 0; done < width;)
        {
            int at = offset + done;
            int here = Math.Min(width - done, 32 - at % 32);
            value |= (ulong)((words[at / 32] >> (at % 32)) & Mask(here)) << done;
            done += here;
        }
        return (long)value;
    }

    public long ReadSigned(int offset, int width) => Read(offset, width) << (64 - width) >> (64 - width);

    /// <summary>Writes up to 64 bits.</summary>
    public void Write(int offset, int width, long value)
    {
        for (int done = 0; done < width;)
        {
            int at = offset + done;
            int here = Math.Min(width - done, 32 - at % 32);
            uint mask = Mask(here) << (at % 32);
            words[at / 32] = (words[at / 32] & ~mask) | (((uint)((ulong)value >> done) << (at % 32)) & mask);
            done += here;
        }
    }

    private static uint Mask(int bits) => bits == 32 ? uint.MaxValue : (1u << bits) - 1;
}
