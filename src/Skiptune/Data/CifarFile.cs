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

    // Far from overflow, and more than any disk has.
    private const long MostBytes = 1L << 48;

    /// <summary>Reads a file into memory; its length says which of the two formats it has.</summary>
    /// <param name="path">The file, plain or gzip, whichever its first bytes say.</param>
    /// <param name="coarse">For CIFAR-100: true for the 20 coarse classes, false (the default) for the 100 fine ones.</param>
    /// <param name="maxBytes">The most bytes of the inflated file; default <see cref="Shape.MaxElements"/>.</param>
    /// <returns>Images of 3x32x32 with values 0 .. 1, held as bytes.</returns>
    /// <exception cref="SkiptuneException">The file cannot be read, is damaged, is neither format, or is larger than allowed.</exception>
    public static RecordDataSet Read(string path, bool coarse = false, int maxBytes = Shape.MaxElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return Open(path, coarse, MemoryBudget.Unlimited(), maxBytes);
    }

    /// <summary>Opens a file: its images are in memory if the budget allows it, else read as they are needed.</summary>
    internal static RecordDataSet Open(string path, bool coarse, MemoryBudget budget, long maxBytes = MostBytes) =>
        RecordDataSet.Over(Bytes(path, budget, maxBytes), path, bytes =>
        {
            // A length that is a multiple of both is that of 3074 files of CIFAR-10 or 3073 of CIFAR-100: the labels decide.
            if (Labels(bytes, 0, [Classes10]) is { } ten)
                return (Layout(labelBytes: 1), Targets.Classes(ten, Classes10));
            if (Labels(bytes, coarse ? 0 : 1, [Coarse100, Fine100]) is { } hundred)
                return (Layout(labelBytes: 2), Targets.Classes(hundred, coarse ? Coarse100 : Fine100));
            throw ErrorText.Of(path, $"has {bytes.Length} bytes, but CIFAR files are whole records of {Pixels + 1} bytes with labels 0 .. 9 or of {Pixels + 2} with labels 0 .. 19 and 0 .. 99; give a file of the binary version");
        });

    private static RecordBytes Bytes(string path, MemoryBudget budget, long maxBytes) => DataFile.Read(path, stream =>
    {
        using InflatedFile file = new(stream, leaveOpen: true);
        if (file.GzipLength is not null)
            return StoredFile.Inflate(file, path, budget, maxBytes);
        return file.StoredBytes <= maxBytes
            ? StoredFile.OpenPlain(path, stream, budget)
            : throw ErrorText.Of(path, $"has more than the {maxBytes} bytes allowed here; use a smaller file");
    });

    private static RecordLayout Layout(int labelBytes) => new(labelBytes, labelBytes + Pixels, new Shape(3, 32, 32), StoredType.Pixel);

    // The labels, or null if these are no records with so many label bytes below these numbers.
    private static int[]? Labels(RecordBytes bytes, int label, ReadOnlySpan<int> classes)
    {
        int record = classes.Length + Pixels;
        if (bytes.Length == 0 || bytes.Length % record != 0 || bytes.Length / record > int.MaxValue)
            return null;
        int[] labels = new int[bytes.Length / record];
        Span<byte> buffer = stackalloc byte[classes.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<byte> found = bytes.View((long)i * record, classes.Length, buffer);
            for (int j = 0; j < classes.Length; j++)
            {
                if (found[j] >= classes[j])
                    return null;
            }
            labels[i] = found[label];
        }
        return labels;
    }
}
