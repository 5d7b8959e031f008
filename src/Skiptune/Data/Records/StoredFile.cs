namespace Skiptune.Data;

/// <summary>The bytes of a data file, plain or gzip, to be read in any order.</summary>
internal static class StoredFile
{
    // Whoever packs data this well can unpack them too; a disk should not be filled by a small file.
    private const int MostInflation = 100;

    /// <summary>Opens a plain file: it is read into memory if the budget allows it, else as it is needed.</summary>
    /// <exception cref="SkiptuneException">It cannot be read.</exception>
    public static RecordBytes OpenPlain(string path, FileStream stream, MemoryBudget budget)
    {
        long length = stream.Length;
        if (!budget.TryTake(length))
            return FileBytes.Open(path);
        stream.Position = 0;
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        return new MemoryBytes(bytes);
    }

    /// <summary>Takes the inflated rest of a file, in memory if the budget allows it, else in a scratch file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The name in errors.</param>
    /// <param name="budget">What memory may be taken.</param>
    /// <param name="before">What was read of it before.</param>
    /// <param name="promised">The bytes that are left.</param>
    /// <exception cref="SkiptuneException">More or fewer bytes come.</exception>
    /// <exception cref="InvalidDataException">The gzip data are damaged.</exception>
    public static RecordBytes Inflate(InflatedFile file, string path, MemoryBudget budget, long before, long promised)
    {
        CheckInflation(path, promised, file.StoredBytes, budget.Left);
        using Spool spool = new(budget, path, file.StoredBytes, promised);
        spool.CopyFrom(file.Content, promised);
        file.CheckLength(before + promised);
        return spool.Finish();
    }

    /// <summary>Takes all of a gzip file, in memory if the budget allows it, else in a scratch file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The name in errors.</param>
    /// <param name="budget">What memory may be taken.</param>
    /// <param name="maxBytes">More is an error.</param>
    /// <exception cref="SkiptuneException">More bytes come.</exception>
    /// <exception cref="InvalidDataException">The gzip data are damaged.</exception>
    public static RecordBytes Inflate(InflatedFile file, string path, MemoryBudget budget, long maxBytes)
    {
        // Before the spool takes its own memory of it.
        long left = budget.Left;
        using Spool spool = new(budget, path, file.StoredBytes, maxBytes);
        byte[] buffer = new byte[Math.Clamp(file.StoredBytes, 1, 64 * 1024)];
        for (int read; (read = file.Content.Read(buffer)) > 0;)
        {
            if (spool.Length + read > maxBytes)
                throw ErrorText.Of(path, $"has more than the {maxBytes} bytes allowed here; use a smaller file");
            CheckInflation(path, spool.Length + read, file.StoredBytes, left);
            spool.Write(buffer.AsSpan(0, read));
        }
        file.CheckLength(spool.Length);
        return spool.Finish();
    }

    /// <summary>Throws if compressed data would take a scratch file that is out of all proportion to them.</summary>
    public static void CheckInflation(string path, long inflated, long stored, long left)
    {
        if (inflated > left && inflated > MostInflation * stored)
            throw ErrorText.Of(path, $"becomes {inflated} bytes or more of {stored} when it is unpacked, too many to do that here; unpack it yourself, and give the unpacked file");
    }
}
