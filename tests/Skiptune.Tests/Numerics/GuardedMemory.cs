using System.Runtime.InteropServices;

namespace Skiptune.Tests.Numerics;

/// <summary>Which end of the memory touches an inaccessible page.</summary>
public enum Edge
{
    End,
    Start,
}

/// <summary>
/// Memory between two inaccessible pages. A span placed flush against either makes any access past it end the
/// process, reads included, which no comparison of results could notice.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int MapPrivate = 2;
    private const int ReadWrite = 3;
    private const uint Reserve = 0x2000;
    private const uint Commit = 0x1000;
    private const uint NoAccessPage = 1;
    private const uint ReadWritePage = 4;
    private const uint Release = 0x8000;

    private readonly nint _region;
    private readonly nint _start;
    private readonly int _size;

    public GuardedMemory(int bytes)
    {
        int page = Environment.SystemPageSize;
        _size = (bytes + page - 1) / page * page;
        if (OperatingSystem.IsWindows())
        {
            _region = VirtualAlloc(0, (nuint)(_size + 2 * page), Reserve, NoAccessPage);
            Assert.NotEqual(0, VirtualAlloc(_region + page, (nuint)_size, Commit, ReadWritePage));
        }
        else
        {
            int anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
            _region = Map(0, (nuint)(_size + 2 * page), 0, MapPrivate | anonymous, -1, 0);
            Assert.NotEqual(-1, _region);
            Assert.Equal(0, Protect(_region + page, (nuint)_size, ReadWrite));
        }
        _start = _region + page;
    }

    /// <summary>The first byte of the page behind the memory.</summary>
    public nint GuardBehind => _start + _size;

    /// <summary>The last byte of the page before the memory.</summary>
    public nint GuardBefore => _start - 1;

    /// <summary>The address of that many bytes flush against the edge.</summary>
    public nint Place(int bytes, Edge edge)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _size);
        return edge == Edge.Start ? _start : _start + _size - bytes;
    }

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
            _ = VirtualFree(_region, 0, Release);
        else
            _ = Unmap(_region, (nuint)(_size + 2 * Environment.SystemPageSize));
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);

    [LibraryImport("kernel32", EntryPoint = "VirtualAlloc")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", EntryPoint = "VirtualFree")]
    private static partial int VirtualFree(nint address, nuint size, uint type);
}
