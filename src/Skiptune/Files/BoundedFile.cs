namespace Skiptune.Files;

/// <summary>Reads whole files that may be missing, too large, or no files.</summary>
public static class BoundedFile
{
    /// <summary>Reads all bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A larger file is an error.</param>
    /// <exception cref="SkiptuneException">The file is missing, a directory, a pipe or a device, too large, or cannot be read.</exception>
    public static byte[] ReadAllBytes(string path, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (Directory.Exists(path))
            throw ErrorText.Of(path, "is a directory; name a file in it");
        if (!File.Exists(path))
            throw ErrorText.Of(path, "does not exist; check the path");
        FileStream stream;
        try
        {
            stream = RegularFile.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw ErrorText.Of(path, $"cannot be opened ({e.Message})", e);
        }
        using (stream)
            return BoundedStream.ReadToEnd(stream, Math.Min(maxBytes, Array.MaxLength), path);
    }
}
