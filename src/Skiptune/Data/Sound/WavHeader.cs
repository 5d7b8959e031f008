using System.Buffers;
using System.Buffers.Binary;

namespace Skiptune.Data;

/// <summary>What a WAV file says of its sound, and where it lies.</summary>
/// <param name="SampleRate">Values a second of each channel.</param>
/// <param name="Channels">Channels, stored side by side.</param>
/// <param name="Encoding">How a number is stored.</param>
/// <param name="Start">The position of the first number in the file.</param>
/// <param name="Length">The values of each channel.</param>
internal readonly record struct WavHeader(int SampleRate, int Channels, WavEncoding Encoding, long Start, int Length)
{
    /// <summary>The highest rate that is read.</summary>
    public const int MaxRate = 1_000_000;

    private const int MaxChannels = 64;
    private const int Extensible = 0xFFFE;
    private const int BufferBytes = 1 << 16;
    private const string Convert = "convert it to WAV with PCM of 8, 16, 24 or 32 bits or float32, such as by ffmpeg -i IN -c:a pcm_s16le OUT.wav";

    /// <summary>Reads the parts of a file up to its sound.</summary>
    /// <param name="file">The file, from its start.</param>
    /// <param name="path">Its name in errors.</param>
    /// <exception cref="SkiptuneException">It is no WAV file, is damaged, or holds a sound of another kind.</exception>
    public static WavHeader Read(Stream file, string path)
    {
        Span<byte> bytes = stackalloc byte[40];
        if (!Fill(file, bytes[..12]) || !bytes.StartsWith("RIFF"u8) || !bytes[8..].StartsWith("WAVE"u8))
            throw ErrorText.Of(path, $"is not a WAV file: it does not start with RIFF and WAVE; {Convert}");
        (int Rate, int Channels, WavEncoding Encoding)? format = null;
        while (Fill(file, bytes[..8]))
        {
            bool isFormat = bytes.StartsWith("fmt "u8);
            bool isSound = bytes.StartsWith("data"u8);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            if (length > file.Length - file.Position)
                throw ErrorText.Of(path, $"ends inside a part that should have {length} bytes; copy the file again");
            if (isSound)
                return Sound(file.Position, length, format, path);
            long end = file.Position + length;
            if (isFormat)
            {
                Span<byte> part = bytes[..(int)Math.Min(length, bytes.Length)];
                Fill(file, part);
                format = Format(part, path);
            }
            // Parts start at even offsets; the last one may lack its padding.
            file.Position = Math.Min(file.Length, end + (length & 1));
        }
        throw ErrorText.Of(path, "holds no sound; copy the file again");
    }

    /// <summary>Reads values, the mean of all channels.</summary>
    /// <param name="file">The file the header was read from.</param>
    /// <param name="path">Its name in errors.</param>
    /// <param name="first">The first value.</param>
    /// <param name="destination">At most the values from there to <see cref="Length"/>.</param>
    /// <exception cref="SkiptuneException">The file is shorter than it was, or a value is NaN or infinite.</exception>
    public void ReadMono(Stream file, string path, long first, Span<float> destination)
    {
        int width = Encoding.Bytes();
        int frame = width * Channels;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            file.Position = Start + first * frame;
            int most = BufferBytes / frame;
            for (int done = 0; done < destination.Length;)
            {
                int count = Math.Min(most, destination.Length - done);
                Span<byte> bytes = buffer.AsSpan(0, count * frame);
                if (!Fill(file, bytes))
                    throw ErrorText.Of(path, "became shorter while it was read; check what writes to it");
                for (int i = 0; i < count; i++)
                    destination[done + i] = Mono(bytes.Slice(i * frame, frame), width);
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        int bad = destination.IndexOfNotFinite();
        if (bad >= 0)
            throw ErrorText.Of(path, $"its value {first + bad} is NaN or infinite; {Convert}");
    }

    private float Mono(ReadOnlySpan<byte> frame, int width)
    {
        float sum = 0;
        for (int at = 0; at < frame.Length; at += width)
            sum += Encoding.Read(frame[at..]);
        return sum / Channels;
    }

    private static WavHeader Sound(long start, uint length, (int Rate, int Channels, WavEncoding Encoding)? format, string path)
    {
        if (format is not { } known)
            throw ErrorText.Of(path, $"has its sound before its format; {Convert}");
        int frame = known.Channels * known.Encoding.Bytes();
        if (length % frame != 0 || length == 0)
            throw ErrorText.Of(path, $"has {length} bytes of sound, which are no whole values of {frame} bytes; copy the file again");
        return length / frame > Array.MaxLength
            ? throw ErrorText.Of(path, $"has {length / frame} values; {Array.MaxLength} are the most")
            : new WavHeader(known.Rate, known.Channels, known.Encoding, start, (int)(length / frame));
    }

    private static (int Rate, int Channels, WavEncoding Encoding) Format(ReadOnlySpan<byte> format, string path)
    {
        if (format.Length < 16)
            throw ErrorText.Of(path, $"has a format part that is too short; {Convert}");
        int kind = BinaryPrimitives.ReadUInt16LittleEndian(format);
        // The kind proper begins the identifier at the end of an extensible format.
        if (kind == Extensible && format.Length >= 26)
            kind = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (channels is < 1 or > MaxChannels || WavNumbers.Of(kind, bits) is not { } encoding)
            throw ErrorText.Of(path, $"has {channels} channels of {bits} bits in the format {kind}; {Convert}");
        return rate is 0 or > MaxRate
            ? throw ErrorText.Of(path, $"has {rate} values a second; 1 to {MaxRate} are supported")
            : ((int)rate, channels, encoding);
    }

    private static bool Fill(Stream file, Span<byte> bytes) => file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
}
