using System.Buffers.Binary;
using Skiptune.Data;

namespace Skiptune.Tests.Data;

public sealed class WavTests
{
    internal static byte[] File(short channels, short bits, int rate, byte[] data)
    {
        byte[] bytes = [.. "RIFF...."u8, .. "WAVE"u8, .. "LIST"u8, 1, 0, 0, 0, 9, 0, .. "fmt "u8, 16, 0, 0, 0, .. new byte[16], .. "data"u8, 0, 0, 0, 0, .. data];
        Span<byte> format = bytes.AsSpan(30);
        format[0] = 1;
        BinaryPrimitives.WriteInt16LittleEndian(format[2..], channels);
        BinaryPrimitives.WriteInt32LittleEndian(format[4..], rate);
        BinaryPrimitives.WriteInt16LittleEndian(format[14..], bits);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(50), data.Length);
        return bytes;
    }

    [Fact]
    public void Reads_mono_of_16_bits_into_a_sample_of_fixed_length()
    {
        using TempFolder folder = new();
        WavFile sound = WavFile.Read(folder.Write("s.wav", File(1, 16, 8000, [0, 0x80, 0, 0x40, 1, 0])));
        Assert.Equal(8000, sound.SampleRate);
        Assert.Equal([-1, 0.5f, 1 / 32768f], sound.Values.ToArray());
        float[] sample = [9, 9, 9, 9];
        sound.CopyTo(sample);
        Assert.Equal([-1, 0.5f, 1 / 32768f, 0], sample);
        sound.CopyTo(sample.AsSpan(0, 1));
    }

    [Fact]
    public void Refuses_other_files()
    {
        using TempFolder folder = new();
        byte[] good = File(1, 16, 8000, [1, 2, 3, 4]);
        foreach (byte[] bytes in new[] { [], good[..^1], good[..20], File(2, 16, 8000, [1, 2]), File(1, 8, 8000, [1, 2]), File(1, 16, 0, [1, 2]), File(1, 16, 8000, [1]), File(1, 16, 8000, []) })
        {
            string path = folder.Write("s.wav", bytes);
            Failures.Message(path, () => WavFile.Read(path));
        }
    }
}
