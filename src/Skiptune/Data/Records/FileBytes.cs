using Microsoft.Win32.SafeHandles;

namespace Skiptune.Data;

/// <summary>Bytes in a file of any size, read as they are needed.</summary>
/// <remarks>
/// Reads are positional and so need no lock; the operating system keeps in its page cache what it has room for. The
/// file is not mapped: one that is cut while it is mapped ends the whole process, one that is cut while it is read is
/// an error.
/// </remarks>
internal sealed class FileBytes : RecordBytes
{
    private readonly SafeFileHandle _file;
    private readonly string _name;

    /// <summary>Takes over an open file.</summary>
    /// <param name="file">The file; closed with this.</param>
    /// <param name="length">Its length.</param>
    /// <param name="name">The name in errors.</param>
    public FileBytes(SafeFileHandle file, long length, string name)
    {
        _file = file;
        _name = name;
        Length = length;
    }

    public override long Length { get; }

    public override bool InMemory => false;

    /// <summary>Opens a file that is known to be a regular one.</summary>
    /// <exception cref="SkiptuneException">It cannot be opened.</exception>
    public static FileBytes Open(string path) => DataFile.Guard(path, () =>
    {
        SafeFileHandle file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        return new FileBytes(file, RandomAccess.GetLength(file), path);
    });

    public override ReadOnlySpan<byte> View(long offset, int count, Span<byte> buffer)
    {
        Span<byte> left = buffer[..count];
        try
        {
            while (!left.IsEmpty)
            {
                int read = RandomAccess.Read(_file, left, offset);
                if (read == 0)
                    throw new EndOfStreamException("it is shorter than when it was opened");
                offset += read;
                left = left[read..];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorText.Of(_name, $"cannot be read ({exception.Message}); leave the file as it is while it is used", exception);
        }
        return buffer[..count];
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }
}
