using System.Buffers.Binary;
using Skiptune.Data;

namespace Skiptune.Tests.Data;

public sealed class WavTests
{
    internal static byte[] File(short channels, short bits, int rate, byte[] data, short kind = 1)
    {
        byte[] bytes = [.. "RIFF...."u8, .. "WAVE"u8, .. "LIST"u8, 1, 0, 0, 0, 9, 0, .. "fmt "u8, 16, 0, 0, 0, .. new byte[16], .. "data"u8, 0, 0, 0, 0, .. data];
        Span<byte> format = bytes.AsSpan(30);
        BinaryPrimitives.WriteInt16LittleEndian(format[0..], kind);
        BinaryPrimitives.WriteInt16LittleEndian(format[2..], channels);
        BinaryPrimitives.WriteInt32LittleEndian(format[4..], rate);
        BinaryPrimitives.WriteInt16LittleEndian(format[14..], bits);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(50), data.Length);
        return bytes;
    }

    /// <summary>A file of 16 bits from values of -1 .. 1.</summary>
    internal static byte[] Mono(int rate, params ReadOnlySpan<float> values)
    {
        byte[] data = new byte[2 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)Math.Clamp(MathF.Round(values[i] * 32768), -32768, 32767));
        return File(1, 16, rate, data);
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
    public void Reads_every_width_and_takes_the_mean_of_channels()
    {
        using TempFolder folder = new();
        float[] Values(byte[] file) => WavFile.Read(folder.Write("s.wav", file)).Values.ToArray();
        Assert.Equal([-1, 0, 127 / 128f], Values(File(1, 8, 8000, [0, 128, 255])));
        Assert.Equal([-1, 0.5f, -1 / 8388608f], Values(File(1, 24, 8000, [0, 0, 0x80, 0, 0, 0x40, 0xFF, 0xFF, 0xFF])));
        Assert.Equal([-1, 0.5f], Values(File(1, 32, 8000, [0, 0, 0, 0x80, 0, 0, 0, 0x40])));
        Assert.Equal([0.75f, -3], Values(File(1, 32, 8000, [.. BitConverter.GetBytes(0.75f), .. BitConverter.GetBytes(-3f)], kind: 3)));
        Assert.Equal([0, 0.25f], Values(File(2, 16, 8000, [0, 0x40, 0, 0xC0, 0, 0x40, 0, 0])));
        // An extensible format says its kind at its end.
        byte[] plain = File(1, 16, 8000, [0, 0x40]);
        byte[] extensible = [.. plain[..26], 40, 0, 0, 0, .. plain[30..46], 22, 0, 16, 0, 4, 0, 0, 0, 1, 0, .. new byte[14], .. plain[46..]];
        (extensible[30], extensible[31]) = (0xFE, 0xFF);
        Assert.Equal([0.5f], Values(extensible));
    }

    [Fact]
    public void Refuses_other_files()
    {
        using TempFolder folder = new();
        byte[] good = File(1, 16, 8000, [1, 2, 3, 4]);
        foreach (byte[] bytes in new[]
        {
            [], good[..^1], good[..20], good[..50], [.. good[..18], 0xFF, 0xFF, 0xFF, 0xFF, .. good[22..]], File(0, 16, 8000, [1, 2]), File(65, 16, 8000, [1, 2]), File(1, 12, 8000, [1, 2]),
            File(1, 16, 0, [1, 2]), File(1, 16, 1_000_001, [1, 2]), File(1, 16, 8000, [1]), File(2, 16, 8000, [1, 2]), File(1, 16, 8000, []), File(1, 16, 8000, [1, 2], kind: 85),
            File(1, 32, 8000, BitConverter.GetBytes(float.NaN), kind: 3), [.. good[..12], .. "data"u8, 0, 0, 0, 0],
        })
        {
            string path = folder.Write("s.wav", bytes);
            Failures.Message(path, () => WavFile.Read(path));
        }
        string large = folder.Write("large.wav", good);
        Failures.Message(large, () => WavFile.Read(large, maxBytes: 20));
    }
}
