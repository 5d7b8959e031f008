using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Skiptune.Hardware.Board;

/// <summary>The interrupt of a UIO device: writing 1 allows the next, reading its count takes it.</summary>
internal sealed class UioInterrupt(SafeFileHandle file, string path) : IInterrupt
{
    public void Wait(TimeSpan most)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        try
        {
            MemoryMarshal.Write(word, 1u);
            RandomAccess.Write(file, word, 0);
            Native.PollEntry entry = new() { File = (int)file.DangerousGetHandle(), Events = Native.PollIn };
            if (Native.Poll(ref entry, 1, (int)Math.Clamp(most.TotalMilliseconds, 0, int.MaxValue)) > 0)
                _ = RandomAccess.Read(file, word, 0);
        }
        catch (IOException exception)
        {
            throw new SkiptuneException($"{path}: the interrupt cannot be waited for: {exception.Message}", exception);
        }
    }
}
