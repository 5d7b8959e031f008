namespace Skiptune.Files;

/// <summary>
/// Writes files so that at any moment, a power cut included, the path holds either the old content or the whole new
/// one: to a temporary file in the same folder, flushed to the disk, then renamed over the old one, and the rename flushed too.
/// </summary>
public static class AtomicFile
{
    private const string Suffix = ".tmp";

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
            string folder = Path.GetDirectoryName(target) ?? ".";
            temporary = Path.Combine(folder, $".{Guid.NewGuid():n}{Suffix}");
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
            FolderSync.Flush(folder);
        }
        catch (Exception e)
        {
            Delete(temporary);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
                throw ErrorText.Of(path, $"cannot be written ({e.Message}); check that the folder exists, is writable and has room", e);
            throw;
        }
    }

    /// <summary>True for the name of a temporary file, which stays behind if the process is killed while it writes.</summary>
    /// <param name="name">A file's name without its folder.</param>
    internal static bool IsTemporary(string name) =>
        name.StartsWith('.') && name.EndsWith(Suffix, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(1, name.Length - 1 - Suffix.Length), "n", out _);

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
