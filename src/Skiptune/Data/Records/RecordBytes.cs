namespace Skiptune.Data;

/// <summary>Bytes that are read in any order, from any number of threads.</summary>
internal abstract class RecordBytes : IDisposable
{
    /// <summary>How many there are.</summary>
    public abstract long Length { get; }

    /// <summary>Whether they are in memory, so that <see cref="View"/> needs no buffer.</summary>
    public abstract bool InMemory { get; }

    /// <summary>Some of the bytes.</summary>
    /// <param name="offset">The first.</param>
    /// <param name="count">How many; they must be there.</param>
    /// <param name="buffer">Where they are put if they are not in memory, at least <paramref name="count"/> long.</param>
    /// <exception cref="SkiptuneException">The file cannot be read, or was cut since it was opened.</exception>
    public abstract ReadOnlySpan<byte> View(long offset, int count, Span<byte> buffer);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
