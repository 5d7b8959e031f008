using System.IO.Compression;

namespace Skiptune.Data;

/// <summary>Opens a file for reading and inflates it if it is gzip, which its first bytes say and not its name.</summary>
internal static class InflatedFile
{
    /// <summary>Opens the file at its start.</summary>
    /// <param name="path">The file.</param>
    /// <param name="storedBytes">Its length as stored.</param>
    /// <exception cref="IOException">The file cannot be opened, or is a pipe or a device.</exception>
    public static Stream Open(string path, out long storedBytes)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            if (!file.CanSeek)
                throw new IOException("it is not a regular file");
            storedBytes = file.Length;
            return GzipOf(file, leaveOpen: false) ?? (Stream)file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The inflating stream over a file if it is gzip, else null; the file is at its start either way.</summary>
    public static GZipStream? GzipOf(FileStream file, bool leaveOpen)
    {
        Span<byte> magic = stackalloc byte[2];
        file.Position = 0;
        int got = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && magic is [0x1F, 0x8B] ? new GZipStream(file, CompressionMode.Decompress, leaveOpen) : null;
    }
}
