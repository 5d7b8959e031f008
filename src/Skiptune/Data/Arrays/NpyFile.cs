using Skiptune.Files;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Arrays in NumPy's .npy format, versions 1 to 3, C order, of the types u1 and little-endian i4, i8, f4 and f8. The
/// first axis is the samples.
/// </summary>
public static class NpyFile
{
    /// <summary>Reads a whole array as float32.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes its elements may take; default <see cref="Shape.MaxElements"/>.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is no such array, is larger than allowed, or has a value that is NaN or infinite.
    /// </exception>
    public static Tensor Read(string path, int maxBytes = Shape.MaxElements) => Load(path, maxBytes).ToTensor();

    /// <summary>Reads what is known of samples: integers are classes, other numbers are vectors to learn.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">Classes or Values; null (the default) for what the type of the elements says.</param>
    /// <param name="classCount">The number of classes; null (the default) for the largest label + 1.</param>
    /// <exception cref="SkiptuneException">The file cannot be read, or holds something else.</exception>
    public static Targets ReadTargets(string path, TargetKind? kind = null, int? classCount = null) =>
        Load(path, Shape.MaxElements).ToTargets(kind, classCount);

    /// <summary>
    /// Opens an array of any size as samples that are read from the file as they are needed. The file must not change
    /// meanwhile: one that was cut is an error at the read that meets it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="targets">What is known of the samples; null (the default) for nothing.</param>
    /// <returns>A set that holds the file open; dispose it to close the file.</returns>
    /// <exception cref="SkiptuneException">The file cannot be read, is no such array, or has another number of samples.</exception>
    public static RecordDataSet Open(string path, Targets? targets = null) => Open(path, targets, new MemoryBudget(0));

    /// <summary>Opens an array: it is in memory if the budget allows it, else read as it is needed.</summary>
    internal static RecordDataSet Open(string path, Targets? targets, MemoryBudget budget) => DataFile.Read(path, stream =>
    {
        NpyHeader header = NpyHeader.Read(stream, path);
        long expected = header.DataOffset + header.DataBytes;
        if (stream.Length != expected)
            throw ErrorText.Of(path, $"has {stream.Length} bytes, but its header promises {expected}; download or copy the file again");
        targets ??= Targets.None((int)header.Count);
        if (targets.Count != header.Count)
            throw ErrorText.Of(path, $"has {header.Count} samples, but there are {targets.Count} targets; give files that belong together");
        return RecordDataSet.Over(StoredFile.OpenPlain(path, stream, budget), path, _ => (header.Layout(0), targets));
    });

    /// <summary>Writes an array of float32, whole or not at all. NumPy reads it with <c>numpy.load</c>.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="array">The array.</param>
    /// <exception cref="SkiptuneException">The file cannot be written, or the array has more than 2^29 - 64 values.</exception>
    public static void Write(string path, Tensor array)
    {
        ArgumentNullException.ThrowIfNull(array);
        byte[] header = NpyHeader.Write(array.Shape);
        long length = header.Length + sizeof(float) * (long)array.Shape.Count;
        if (length > Array.MaxLength)
            throw ErrorText.Of(path, $"{array.Shape.Count} values are too many for one file; write them in parts");
        byte[] bytes = new byte[length];
        header.CopyTo(bytes, 0);
        LittleEndian.Write(array.Span, bytes.AsSpan(header.Length));
        AtomicFile.Write(path, bytes);
    }

    private static NpyArray Load(string path, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return DataFile.Read(path, stream => NpyArray.Read(stream, path, stream.Length, maxBytes));
    }
}
