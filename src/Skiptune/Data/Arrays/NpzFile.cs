using System.IO.Compression;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Arrays in NumPy's .npz format: a ZIP file, stored or deflated, with one .npy file for each array. Arrays are held in
/// memory.
/// </summary>
public static class NpzFile
{
    private const int MostArrays = 10_000;

    /// <summary>The names of the arrays, in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">The file cannot be read or is no ZIP file.</exception>
    public static IReadOnlyList<string> Names(string path) =>
        DataFile.Read(path, stream => WithArchive(path, stream, archive => Arrays(archive).Select(NameOf).ToArray()));

    /// <summary>Reads samples and what is known of them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">The samples' array; where it is missing and this is the default, the first array.</param>
    /// <param name="targets">
    /// The targets' array, integers for classes and other numbers for vectors; where it is missing and both names are the
    /// defaults, the second array, if there is one with as many entries.
    /// </param>
    /// <param name="kind">What is known of the samples; null (the default) for what the file says.</param>
    /// <param name="classCount">The number of classes; null (the default) for the largest label + 1.</param>
    /// <param name="maxBytes">The most bytes an array may take inflated; default <see cref="Shape.MaxElements"/>.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is damaged, lacks an array, or is larger than allowed. Memory grows with the bytes that
    /// come, not with what the file promises.
    /// </exception>
    public static DataSet Read(
        string path,
        string samples = "x",
        string targets = "y",
        TargetKind? kind = null,
        int? classCount = null,
        int maxBytes = Shape.MaxElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        return DataFile.Read(path, stream => WithArchive(path, stream, archive =>
        {
            List<ZipArchiveEntry> arrays = Arrays(archive);
            if (arrays.Count == 0)
                throw ErrorText.Of(path, "holds no .npy arrays; write it with numpy.savez(name, x=..., y=...)");
            bool defaults = samples == "x" && targets == "y";
            ZipArchiveEntry? x = Find(arrays, samples) ?? (samples == "x" ? arrays[0] : null);
            if (x is null)
                throw Missing(path, samples, arrays);
            ZipArchiveEntry? y = Find(arrays, targets) ?? (defaults ? arrays.Find(entry => entry != x) : null);
            if (kind is TargetKind.Classes or TargetKind.Values && y is null)
                throw Missing(path, targets, arrays);

            Tensor values = Load(path, x, stream.Length, maxBytes).ToTensor();
            int count = values.Shape[0];
            if (values.Shape.Rank == 1)
                values = values.Reshape(new Shape(count, 1));
            return new TensorDataSet(values, kind switch
            {
                TargetKind.None => Targets.None(count),
                TargetKind.Input => Targets.Input(count),
                _ => y is null ? Targets.None(count) : Counted(path, y, count, Load(path, y, stream.Length, maxBytes).ToTargets(kind, classCount)),
            });
        }));
    }

    private static Targets Counted(string path, ZipArchiveEntry entry, int count, Targets targets) => targets.Count == count
        ? targets
        : throw ErrorText.Of(path, $"has {count} samples, but {targets.Count} targets in {ErrorText.Quote(entry.FullName)}; store as many of both");

    private static T WithArchive<T>(string path, FileStream stream, Func<ZipArchive, T> read)
    {
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            return read(archive);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            // What ZipArchive itself lets through for impossible offsets and times.
            throw ErrorText.Of(path, "is a damaged ZIP file; download or copy the file again", exception);
        }
    }

    private static List<ZipArchiveEntry> Arrays(ZipArchive archive)
    {
        if (archive.Entries.Count > MostArrays)
            throw new InvalidDataException($"more than {MostArrays} files");
        return [.. archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal))];
    }

    private static NpyArray Load(string path, ZipArchiveEntry entry, long fileBytes, int maxBytes)
    {
        string name = $"{path}: {NameOf(entry)}";
        using Stream content = entry.Open();
        ChecksumStream bytes = new(content);
        // The file's own length bounds what an entry can claim to take.
        NpyArray array = NpyArray.Read(bytes, name, Math.Min(entry.CompressedLength, fileBytes), maxBytes);
        return bytes.Checksum == entry.Crc32
            ? array
            : throw ErrorText.Of(name, "its checksum differs from its bytes; download or copy the file again");
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^".npy".Length];

    private static ZipArchiveEntry? Find(List<ZipArchiveEntry> arrays, string name) =>
        arrays.Find(entry => NameOf(entry) == name) ?? arrays.Find(entry => string.Equals(NameOf(entry), name, StringComparison.OrdinalIgnoreCase));

    private static SkiptuneException Missing(string path, string name, List<ZipArchiveEntry> arrays) =>
        ErrorText.Of(path, $"has no array {ErrorText.Quote(name)}, only {string.Join(", ", arrays.Take(8).Select(entry => ErrorText.Quote(NameOf(entry))))}; name one of them");
}
