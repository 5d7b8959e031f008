namespace Skiptune.Data;

/// <summary>
/// A file that takes its name only when it is complete: bytes go to a temporary file in the same folder (a rename
/// across file systems would not be atomic), and what is not committed is deleted.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;

    /// <summary>Creates the temporary file; the folder must exist.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public PendingFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _temporaryPath = $"{_path}.{Guid.NewGuid():N}.tmp";
        Stream = new FileStream(_temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Where the bytes go.</summary>
    public FileStream Stream { get; }

    /// <summary>Ends writing and gives the file its name, replacing one that has it.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporaryPath, _path, overwrite: true);
    }

    /// <summary>Deletes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        File.Delete(_temporaryPath);
    }
}
