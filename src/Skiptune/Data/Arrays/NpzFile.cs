using System.IO.Compression;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Arrays in NumPy's .npz format: a ZIP file, stored or deflated, with one .npy file for each array.
/// </summary>
public static class NpzFile
{
    private const int MostArrays = 10_000;

    /// <summary>The names of the arrays, in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">The file cannot be read or is no ZIP file.</exception>
    public static IReadOnlyList<string> Names(string path) =>
        DataFile.Read(path, stream => WithArchive(path, stream, archive => Arrays(archive).Select(NameOf).ToArray()));

    /// <summary>Reads samples and what is known of them into memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="samples">
    /// The samples' array; null (the default) for the one named x, images, features, data, inputs or samples, in any case
    /// and with or without the word train (x_train, train_images), or for the only one.
    /// </param>
    /// <param name="targets">
    /// The targets' array, integers for classes and other numbers for vectors; null (the default) for the one named y,
    /// labels or targets in the same way, if there is one.
    /// </param>
    /// <param name="kind">What is known of the samples; null (the default) for what the file says.</param>
    /// <param name="classCount">The number of classes; null (the default) for the largest label + 1.</param>
    /// <param name="maxBytes">The most bytes an array may take inflated; default <see cref="Shape.MaxElements"/>.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is damaged, lacks an array, or is larger than allowed. Memory grows with the bytes that
    /// come, not with what the file promises.
    /// </exception>
    public static RecordDataSet Read(
        string path,
        string? samples = null,
        string? targets = null,
        TargetKind? kind = null,
        int? classCount = null,
        int maxBytes = Shape.MaxElements)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        DataSourceOptions options = new() { SamplesName = samples, TargetsName = targets, Targets = kind, ClassCount = classCount };
        return Open(path, options, SplitRole.Train, MemoryBudget.Unlimited(), maxBytes);
    }

    /// <summary>
    /// Opens samples and what is known of them: the samples are in memory if the budget allows it, else they are read as they
    /// are needed, deflated ones from a scratch file.
    /// </summary>
    internal static RecordDataSet Open(string path, DataSourceOptions options, SplitRole role, MemoryBudget budget, long maxBytes = long.MaxValue) =>
        DataFile.Read(path, stream => WithArchive(path, stream, archive =>
        {
            List<ZipArchiveEntry> arrays = Arrays(archive);
            if (arrays.Count == 0)
                throw ErrorText.Of(path, "holds no .npy arrays; write it with numpy.savez(name, x=..., y=...)");
            NpzPair pair = Pair(path, arrays, options, role);
            ZipArchiveEntry x = Find(arrays, pair.Samples) ?? throw Missing(path, pair.Samples, arrays);
            ZipArchiveEntry? y = pair.Targets is null ? null : Find(arrays, pair.Targets) ?? throw Missing(path, pair.Targets, arrays);
            if (options.Targets is TargetKind.Classes or TargetKind.Values && y is null)
                throw Missing(path, "y", arrays);
            return NpzSamples.Open(path, stream, x, NameOf(x), budget, maxBytes, count => options.Targets switch
            {
                TargetKind.None => Targets.None(count),
                TargetKind.Input => Targets.Input(count),
                _ => y is null ? Targets.None(count) : ReadTargets(path, stream, y, count, options, (int)Math.Min(maxBytes, Shape.MaxElements)),
            });
        }));

    /// <summary>
    /// What the file has arrays for: several parts, the training samples among them (x alone, beside x_test, is these too), or
    /// nothing for one part.
    /// </summary>
    internal static IReadOnlyList<SplitRole> Roles(string path)
    {
        SplitRole[] roles = [.. NpzNames.Pairs(Names(path)).Select(pair => pair.Role ?? SplitRole.Train).Distinct()];
        return roles.Length > 1 && roles.Contains(SplitRole.Train) ? roles : [];
    }

    private static NpzPair Pair(string path, List<ZipArchiveEntry> arrays, DataSourceOptions options, SplitRole role)
    {
        string[] names = [.. arrays.Select(NameOf)];
        List<(SplitRole? Role, NpzPair Pair)> pairs = NpzNames.Pairs(names);
        int own = pairs.FindIndex(pair => pair.Role == role);
        if (own < 0)
            own = pairs.FindIndex(pair => pair.Role is null);
        if (own < 0 && pairs.Count == 1)
            own = 0;
        if (options.SamplesName is { } samples)
            return new NpzPair(samples, options.TargetsName ?? (own < 0 || pairs[own].Pair.Targets == samples ? null : pairs[own].Pair.Targets));
        if (own < 0)
            throw ErrorText.Of(path, $"has the arrays {List(names)}, none of them named as samples are; name them {NpzNames.Known}");
        return pairs[own].Pair with { Targets = options.TargetsName ?? pairs[own].Pair.Targets };
    }

    private static Targets ReadTargets(string path, FileStream stream, ZipArchiveEntry entry, int count, DataSourceOptions options, int maxBytes)
    {
        string name = $"{path}: {NameOf(entry)}";
        using Stream content = entry.Open();
        ChecksumStream bytes = new(content);
        // The file's own length bounds what an entry can claim to take.
        NpyArray array = NpyArray.Read(bytes, name, Math.Min(entry.CompressedLength, stream.Length), maxBytes);
        bytes.Check(entry.Crc32, name);
        Targets targets = array.ToTargets(options.Targets, options.ClassCount);
        return targets.Count == count
            ? targets
            : throw ErrorText.Of(path, $"has {count} samples, but {targets.Count} targets in {ErrorText.Quote(entry.FullName)}; store as many of both");
    }

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

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^".npy".Length];

    private static ZipArchiveEntry? Find(List<ZipArchiveEntry> arrays, string name) =>
        arrays.Find(entry => NameOf(entry) == name) ?? arrays.Find(entry => string.Equals(NameOf(entry), name, StringComparison.OrdinalIgnoreCase));

    private static SkiptuneException Missing(string path, string name, List<ZipArchiveEntry> arrays) =>
        ErrorText.Of(path, $"has no array {ErrorText.Quote(name)}, only {List(arrays.Select(NameOf))}; name one of them");

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Take(16).Select(ErrorText.Quote));
}
