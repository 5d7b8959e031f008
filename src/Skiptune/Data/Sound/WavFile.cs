namespace Skiptune.Data;

/// <summary>
/// Sound in a WAV file: RIFF, PCM of 8, 16, 24 or 32 bits or float32, any rate up to 1,000,000 values a second. Up to 64
/// channels become one, their mean.
/// </summary>
public sealed class WavFile
{
    /// <summary>The most bytes a file may have: hours of speech.</summary>
    public const int MaxBytes = 1 << 28;

    private WavFile(int sampleRate, float[] values)
    {
        SampleRate = sampleRate;
        Values = values;
    }

    /// <summary>Values a second.</summary>
    public int SampleRate { get; }

    /// <summary>The values, -1 .. 1 (a stored integer divided by the size of the smallest one; float32 as stored).</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes it may have; default <see cref="MaxBytes"/>.</param>
    /// <exception cref="SkiptuneException">The file cannot be read, is damaged, or holds another kind of sound.</exception>
    public static WavFile Read(string path, int maxBytes = MaxBytes) => DataFile.Read(path, file =>
    {
        if (file.Length > maxBytes)
            throw ErrorText.Of(path, $"has more than the {maxBytes} bytes allowed here; use a smaller file");
        WavHeader header = WavHeader.Read(file, path);
        float[] values = new float[header.Length];
        header.ReadMono(file, path, 0, values);
        return new WavFile(header.SampleRate, values);
    });

    /// <summary>The first values, as many as the destination holds; zeros follow if the sound is shorter.</summary>
    /// <param name="destination">A sample of fixed length.</param>
    public void CopyTo(Span<float> destination)
    {
        int count = Math.Min(Values.Length, destination.Length);
        Values.Span[..count].CopyTo(destination);
        destination[count..].Clear();
    }
}
