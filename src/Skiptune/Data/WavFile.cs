using System.Buffers.Binary;
using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>Sound in a WAV file: RIFF, PCM, 16 bits, one channel.</summary>
public sealed class WavFile
{
    /// <summary>The most bytes a file may have: hours of speech.</summary>
    public const int MaxBytes = 1 << 28;

    private const int Pcm = 1;

    private WavFile(int sampleRate, float[] values)
    {
        SampleRate = sampleRate;
        Values = values;
    }

    /// <summary>Values a second.</summary>
    public int SampleRate { get; }

    /// <summary>The values, -1 .. 1 (a stored number / 32768).</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes it may have; default <see cref="MaxBytes"/>.</param>
    /// <exception cref="SkiptuneException">The file cannot be read, is damaged, or holds another kind of sound.</exception>
    public static WavFile Read(string path, int maxBytes = MaxBytes) => Parse(BoundedFile.ReadAllBytes(path, maxBytes), path);

    /// <summary>The first values, as many as the destination holds; zeros follow if the sound is shorter.</summary>
    /// <param name="destination">A sample of fixed length.</param>
    public void CopyTo(Span<float> destination)
    {
        int count = Math.Min(Values.Length, destination.Length);
        Values.Span[..count].CopyTo(destination);
        destination[count..].Clear();
    }

    private static WavFile Parse(ReadOnlySpan<byte> file, string path)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
            throw ErrorText.Of(path, "is not a WAV file: it does not start with RIFF and WAVE; convert it to 16-bit mono WAV");
        int rate = 0;
        for (ReadOnlySpan<byte> rest = file[12..]; rest.Length >= 8;)
        {
            ReadOnlySpan<byte> id = rest[..4];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            if (length > (uint)rest.Length)
                throw ErrorText.Of(path, $"ends inside a part that should have {length} bytes; copy the file again");
            ReadOnlySpan<byte> content = rest[..(int)length];
            if (id.SequenceEqual("fmt "u8))
                rate = CheckFormat(content, path);
            else if (id.SequenceEqual("data"u8))
                return rate == 0 ? throw ErrorText.Of(path, "has its sound before its format; convert it to 16-bit mono WAV") : new WavFile(rate, Decode(content, path));
            // Parts start at even offsets; the last one may lack its padding.
            rest = rest[Math.Min(rest.Length, (int)length + (int)(length & 1))..];
        }
        throw ErrorText.Of(path, "holds no sound; copy the file again");
    }

    private static int CheckFormat(ReadOnlySpan<byte> format, string path)
    {
        if (format.Length < 16)
            throw ErrorText.Of(path, "has a format part that is too short; convert it to 16-bit mono WAV");
        int kind = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (kind != Pcm || channels != 1 || bits != 16)
            throw ErrorText.Of(path, $"has {channels} channels of {bits} bits in the format {kind}; convert it to 16-bit mono PCM");
        return rate is 0 or > 1_000_000
            ? throw ErrorText.Of(path, $"has {rate} values a second; 1 to 1000000 are supported")
            : (int)rate;
    }

    private static float[] Decode(ReadOnlySpan<byte> content, string path)
    {
        if (content.Length % 2 != 0 || content.IsEmpty)
            throw ErrorText.Of(path, $"has {content.Length} bytes of sound, which are no whole 16-bit numbers; copy the file again");
        float[] values = new float[content.Length / 2];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt16LittleEndian(content[(2 * i)..]) / 32768f;
        return values;
    }
}
