namespace Skiptune.Files;

/// <summary>
/// Writes files so that at any moment, a power cut included, the path holds either the old content or the whole new
/// one: to a temporary file in the same folder, flushed to the disk, then renamed over the old one.
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
        string? temporary = null;
        try
        {
            if (Directory.Exists(path))
                throw new IOException("it is a directory");
            string target = Path.GetFullPath(path);
            // In the same folder, because a rename across file systems is a copy. Short, because names have a limit.
            temporary = Path.Combine(Path.GetDirectoryName(target) ?? ".", $".{Guid.NewGuid():n}.tmp");
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e)
        {
            Delete(temporary);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
                throw ErrorText.Of(path, $"cannot be written ({e.Message}); check that the folder exists, is writable and has room", e);
            throw;
        }
    }

    private static void Delete(string? temporary)
    {
        try
        {
            if (temporary is not null)
                File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            // The first error is the one to tell.
        }
    }
}
