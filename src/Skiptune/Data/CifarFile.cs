using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Images in the binary format of CIFAR: records of one label byte (CIFAR-10) or of a coarse and a fine label byte
/// (CIFAR-100), then 3072 bytes: the red, green and blue planes of 32x32. Files may be plain or gzip.
/// </summary>
public static class CifarFile
{
    private const int Pixels = 3 * 32 * 32;

    /// <summary>The classes of CIFAR-10.</summary>
    private const int Classes10 = 10;

    /// <summary>The coarse and the fine classes of CIFAR-100.</summary>
    private const int Coarse100 = 20;

    private const int Fine100 = 100;

    /// <summary>Reads a file; its length says which of the two formats it has.</summary>
    /// <param name="path">The file, plain or gzip, whichever its first bytes say.</param>
    /// <param name="coarse">For CIFAR-100: true for the 20 coarse classes, false (the default) for the 100 fine ones.</param>
    /// <param name="maxBytes">The most bytes of the inflated file; default <see cref="Shape.MaxElements"/>.</param>
    /// <returns>Images of 3x32x32 with values 0 .. 1, held as bytes.</returns>
    /// <exception cref="SkiptuneException">The file cannot be read, is damaged, is neither format, or is larger than allowed.</exception>
    public static ByteImageDataSet Read(string path, bool coarse = false, int maxBytes = Shape.MaxElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        byte[] bytes = DataFile.Read(path, stream =>
        {
            using InflatedFile file = new(stream, leaveOpen: true);
            byte[] content = BoundedStream.ReadToEnd(file.Content, maxBytes, path);
            if (file.GzipLength is { } stated && stated != (uint)content.Length)
                throw new InvalidDataException("cut inside the trailer, followed by other bytes, or of several members");
            return content;
        });
        // A length that is a multiple of both is that of 3074 files of CIFAR-10 or 3073 of CIFAR-100: the labels decide.
        if (Fits(bytes, labelBytes: 1, [Classes10]))
            return Unpack(bytes, 1, 0, Classes10);
        if (Fits(bytes, labelBytes: 2, [Coarse100, Fine100]))
            return Unpack(bytes, 2, coarse ? 0 : 1, coarse ? Coarse100 : Fine100);
        throw ErrorText.Of(path, $"has {bytes.Length} bytes, but CIFAR files are whole records of {Pixels + 1} bytes with labels 0 .. 9 or of {Pixels + 2} with labels 0 .. 19 and 0 .. 99; give a file of the binary version");
    }

    private static bool Fits(ReadOnlySpan<byte> bytes, int labelBytes, ReadOnlySpan<int> classes)
    {
        int record = labelBytes + Pixels;
        if (bytes.IsEmpty || bytes.Length % record != 0)
            return false;
        for (int at = 0; at < bytes.Length; at += record)
        {
            for (int i = 0; i < labelBytes; i++)
            {
                if (bytes[at + i] >= classes[i])
                    return false;
            }
        }
        return true;
    }

    private static ByteImageDataSet Unpack(byte[] bytes, int labelBytes, int label, int classes)
    {
        int record = labelBytes + Pixels;
        int[] labels = new int[bytes.Length / record];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = bytes[i * record + label];
            // In place, as the labels before it leave room: no second copy of the file.
            bytes.AsSpan(i * record + labelBytes, Pixels).CopyTo(bytes.AsSpan(i * Pixels));
        }
        return new ByteImageDataSet(bytes.AsMemory(0, labels.Length * Pixels), new Shape(3, 32, 32), labels, classes);
    }
}
