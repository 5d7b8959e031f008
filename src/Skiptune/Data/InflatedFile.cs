using System.Buffers.Binary;
using System.IO.Compression;
using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>A file open for reading, inflated if it is gzip, which its first bytes say and not its name.</summary>
internal sealed class InflatedFile : IDisposable
{
    /// <summary>The shortest gzip file: a header of 10 bytes, an empty block of 2, a trailer of 8.</summary>
    private const int ShortestGzip = 20;

    private readonly FileStream _file;
    private readonly bool _ownsFile;

    /// <summary>Reads a file from its start.</summary>
    /// <param name="file">A file that can seek.</param>
    /// <param name="leaveOpen">Whether the file stays open when this is disposed.</param>
    /// <exception cref="InvalidDataException">It is gzip, but too short to be whole.</exception>
    public InflatedFile(FileStream file, bool leaveOpen)
    {
        _file = file;
        _ownsFile = !leaveOpen;
        Content = file;
        Span<byte> bytes = stackalloc byte[4];
        file.Position = 0;
        bool gzip = file.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false) == 2 && bytes[..2] is [0x1F, 0x8B];
        if (gzip)
        {
            if (file.Length < ShortestGzip)
                throw new InvalidDataException("cut");
            file.Position = file.Length - bytes.Length;
            file.ReadExactly(bytes);
            GzipLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            Content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        }
        file.Position = 0;
    }

    /// <summary>The inflated bytes.</summary>
    public Stream Content { get; }

    /// <summary>The length of the file as stored.</summary>
    public long StoredBytes => _file.Length;

    /// <summary>
    /// The length of the content (modulo 2^32) that the last four bytes of a gzip file state; null if it is plain.
    /// <see cref="GZipStream"/> takes the end of a file cut inside its trailer for the end of the data and then
    /// compares neither checksum nor length, so whoever knows the length must compare it with this.
    /// </summary>
    public uint? GzipLength { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The file cannot be opened, or is a pipe or a device.</exception>
    public static InflatedFile Open(string path)
    {
        FileStream file = RegularFile.OpenRead(path);
        try
        {
            return new InflatedFile(file, leaveOpen: false);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the content had the length that a gzip file states at its end.</summary>
    /// <exception cref="InvalidDataException">It had another.</exception>
    public void CheckLength(long length)
    {
        if (GzipLength is { } stated && stated != (uint)length)
            throw new InvalidDataException("cut inside the trailer, followed by other bytes, or of several members");
    }

    /// <summary>Closes the file, unless it is another's.</summary>
    public void Dispose()
    {
        if (GzipLength is not null)
            Content.Dispose();
        if (_ownsFile)
            _file.Dispose();
    }
}
