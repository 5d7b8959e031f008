using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;
using Skiptune.Files;

namespace Skiptune.FineTuning;

/// <summary>
/// Rows in a file that is mapped into memory, so that the cache may be larger than the memory: the system keeps the
/// pages in use and drops the others. Rows are read through the mapping and written through the file: on a full disk
/// a write to the mapping ends the process, a write to the file is an error like any other.
/// </summary>
/// <remarks>
/// The file is a <see cref="ScratchFile"/> beside the given one.
/// </remarks>
internal sealed unsafe class FileRows : RowStore
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _first;

    public FileRows(int rows, int rowBytes, string path)
        : base(rows, rowBytes)
    {
        _path = path;
        try
        {
            CheckRoom(path, Bytes);
            _file = Open(path);
            // Pages that were never written take no room.
            RandomAccess.SetLength(_file, Bytes);
            _mapping = MemoryMappedFile.CreateFromFile(_file, mapName: null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, Bytes, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _first = start + _view.PointerOffset;
            Place([(nint)_first], rows, rowBytes);
        }
        catch (Exception exception)
        {
            Release();
            if (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
                throw ErrorText.Of(path, $"the forward cache of {ByteSize.Text(Bytes)} cannot be put here: {exception.Message}", exception);
            throw;
        }
    }

    public override void Write(int row, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file, bytes, (long)row * RowBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorText.Of(_path, $"the forward cache cannot be written: {exception.Message}", exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    private static SafeFileHandle Open(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a directory; name a file in it");
        return ScratchFile.Open(path);
    }

    // Better known before the first epoch than in the middle of filling. Some systems cannot say.
    private static void CheckRoom(string path, long bytes)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
            throw new IOException($"the folder {folder} does not exist; make it first");
        long free;
        try
        {
            free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return;
        }
        if (free < bytes)
            throw new IOException($"only {ByteSize.Text(free)} are free; use a smaller cache format, fewer samples or another disk");
    }

    private void Release()
    {
        if (_first is not null)
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _mapping?.Dispose();
        _file?.Dispose();
    }
}
