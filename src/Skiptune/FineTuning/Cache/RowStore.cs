namespace Skiptune.FineTuning;

/// <summary>Where the rows of a forward cache lie. Each row is written once, by one thread, before it is read.</summary>
internal abstract class RowStore(int rows, int rowBytes) : IDisposable
{
    // The address of each chunk of so many rows, and the bytes from one row to the next.
    private nint[] _chunks = [];
    private int _rowsInChunk;
    private int _stride;

    /// <summary>The bytes of one row.</summary>
    public int RowBytes { get; } = rowBytes;

    /// <summary>The bytes of all rows.</summary>
    public long Bytes { get; } = (long)rows * rowBytes;

    /// <summary>Makes the store that the options ask for.</summary>
    /// <param name="rows">The samples.</param>
    /// <param name="rowBytes">The bytes of one row.</param>
    /// <param name="options">They say whether a file is used, and how much memory may be.</param>
    /// <exception cref="SkiptuneException">There is not enough memory or room, or the file cannot be made.</exception>
    public static RowStore Create(int rows, int rowBytes, FineTuneOptions options)
    {
        if (options.CachePath is { } path)
            return new FileRows(rows, rowBytes, path);
        CacheMemory.Check((long)rows * rowBytes, rows, options);
        return new MemoryRows(rows, rowBytes);
    }

    /// <summary>Where a row is, for as long as the store is kept.</summary>
    public nint AddressOf(int row)
    {
        int chunk = row < _rowsInChunk ? 0 : row / _rowsInChunk;
        return _chunks[chunk] + (nint)(row - chunk * _rowsInChunk) * _stride;
    }

    /// <summary>Writes a row.</summary>
    /// <exception cref="SkiptuneException">The disk is full.</exception>
    public abstract void Write(int row, ReadOnlySpan<byte> bytes);

    /// <summary>Gives the memory or the disk space back.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Says where the rows are, which never move.</summary>
    private protected void Place(nint[] chunks, int rowsInChunk, int stride) => (_chunks, _rowsInChunk, _stride) = (chunks, rowsInChunk, stride);

    protected virtual void Dispose(bool disposing)
    {
    }
}
