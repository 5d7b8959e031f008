using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Skiptune.Files;

namespace Skiptune.Language.Files;

/// <summary>A file mapped into memory for reading: the system keeps the pages in use. Its weights keep it.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    /// <summary>Maps a file.</summary>
    /// <param name="path">A regular file with at least one byte.</param>
    /// <exception cref="SkiptuneException">It cannot be read or is empty.</exception>
    public MappedFile(string path)
    {
        Path = path;
        try
        {
            _stream = RegularFile.OpenRead(path);
            Length = _stream.Length;
            if (Length == 0)
                throw new IOException("the file is empty");
            _mapping = MemoryMappedFile.CreateFromFile(_stream, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _mapping?.Dispose();
            _stream?.Dispose();
            throw ErrorText.Of(path, $"cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    /// <summary>The address of a byte.</summary>
    /// <param name="offset">0 .. <see cref="Length"/>.</param>
    public byte* At(long offset) => _start + offset;

    /// <summary>Some bytes; the caller has checked that they are there.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length) => offset >= 0 && length >= 0 && length <= Length - offset
        ? new ReadOnlySpan<byte>(_start + offset, length)
        : throw Error($"is cut short: {length} bytes at {offset} of {Length}; copy it again");

    /// <summary>The SHA-256 of all bytes, in hexadecimal.</summary>
    public string Hash()
    {
        _stream.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(_stream));
    }

    /// <summary>An error about this file.</summary>
    public SkiptuneException Error(string problem) => ErrorText.Of(Path, problem);

    /// <summary>Unmaps it; nothing may use its weights any more.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
        _stream.Dispose();
    }
}
