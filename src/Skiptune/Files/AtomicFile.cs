namespace Skiptune.Files;

/// <summary>
/// Writes files so that at any moment, a power cut included, the path holds either the old content or the whole new
/// one: to a temporary file in the same folder, flushed to the disk, then renamed over the old one, and the rename flushed too.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes the bytes; a file that is there is replaced (a symbolic link itself, not what it points to).</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="bytes">The new content.</param>
    /// <exception cref="SkiptuneException">The file cannot be written; what was there is untouched.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using PendingFile file = new(path);
            file.Stream.Write(bytes);
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw ErrorText.Of(path, $"cannot be written ({e.Message}); check that the folder exists, is writable and has room", e);
        }
    }
}
