namespace Skiptune.Files;

/// <summary>
/// A file that takes its name only when it is complete: bytes go to a temporary file in the same folder (a rename
/// across file systems would be a copy), and what is not committed is deleted.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const string Suffix = ".tmp";

    private readonly string _path;
    private readonly string _folder;
    private readonly string _temporary;

    /// <summary>Creates the temporary file; the folder must exist.</summary>
    /// <exception cref="IOException">The file cannot be created, or the path is a directory.</exception>
    public PendingFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException("it is a directory");
        _path = Path.GetFullPath(path);
        _folder = Path.GetDirectoryName(_path) ?? ".";
        // Short, because names have a limit.
        _temporary = Path.Combine(_folder, $".{Guid.NewGuid():n}{Suffix}");
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Where the bytes go.</summary>
    public FileStream Stream { get; }

    /// <summary>True for the name of a temporary file, which stays behind if the process is killed while it writes.</summary>
    /// <param name="name">A file's name without its folder.</param>
    public static bool IsTemporary(string name) =>
        name.StartsWith('.') && name.EndsWith(Suffix, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(1, name.Length - 1 - Suffix.Length), "n", out _);

    /// <summary>Ends writing and gives the file its name, replacing one that has it; both last through a power cut.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        FolderSync.Flush(_folder);
    }

    /// <summary>Deletes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
            File.Delete(_temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An error before this one is the one to tell.
        }
    }
}
