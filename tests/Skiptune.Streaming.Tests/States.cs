using System.Text;

namespace Skiptune.Streaming.Tests;

/// <summary>What every state has to do.</summary>
internal static class States
{
    public static byte[] Bytes(IStreamState state)
    {
        using MemoryStream memory = new();
        using (BinaryWriter writer = new(memory, Encoding.UTF8, leaveOpen: true))
            state.WriteState(writer);
        return memory.ToArray();
    }

    public static void Read(IStreamState state, byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        state.ReadState(reader);
    }

    /// <summary>Written, read into a fresh one, and gone on with, it equals the one never stopped; damaged or of other options it is refused, and changes nothing.</summary>
    public static void AssertResumable<T>(T trained, T fresh, IStreamState other, Action<T> goOn)
        where T : IStreamState
    {
        byte[] saved = Bytes(trained);
        byte[] untouched = Bytes(fresh);
        Assert.Throws<InvalidDataException>(() => Read(other, saved));
        for (int at = 0; at < saved.Length; at += 1 + saved.Length / 97)
        {
            byte[] damaged = [.. saved];
            damaged[at] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Read(fresh, damaged));
            Assert.Throws<InvalidDataException>(() => Read(fresh, saved[..at]));
        }
        Assert.Equal(untouched, Bytes(fresh));

        Read(fresh, saved);
        Assert.Equal(saved, Bytes(fresh));
        goOn(trained);
        goOn(fresh);
        Assert.Equal(Bytes(trained), Bytes(fresh));
        Assert.NotEqual(saved, Bytes(fresh));
    }

    /// <summary>Once warm, no call allocates a byte.</summary>
    public static void AssertAllocatesNothing(Action call)
    {
        for (int i = 0; i < 100; i++)
            call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            call();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
