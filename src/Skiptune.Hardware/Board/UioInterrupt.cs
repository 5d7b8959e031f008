using System.Runtime.InteropServices;

namespace Skiptune.Hardware.Board;

/// <summary>The interrupt of a UIO device: writing 1 allows the next, reading its count takes it; both in one word.</summary>
internal sealed class UioInterrupt(SafeHandle file, string path) : IInterrupt
{
    public void Wait(TimeSpan most)
    {
        uint word = 1;
        Check(Native.Write(file, ref word, sizeof(uint)));
        Native.PollEntry entry = new() { File = (int)file.DangerousGetHandle(), Events = Native.PollIn };
        // A signal may end the wait early, which does no harm.
        if (Native.Poll(ref entry, 1, (int)Math.Clamp(most.TotalMilliseconds, 0, int.MaxValue)) > 0)
            Check(Native.Read(file, ref word, sizeof(uint)));
    }

    private void Check(nint bytes)
    {
        if (bytes != sizeof(uint))
            throw new SkiptuneException($"{path}: its interrupt cannot be waited for: {Marshal.GetLastPInvokeErrorMessage()}");
    }
}
