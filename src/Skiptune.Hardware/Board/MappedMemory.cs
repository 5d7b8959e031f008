using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Skiptune.Hardware.Board;

/// <summary>A part of a device's or the machine's memory in this process: registers, or a buffer of the DMA.</summary>
internal sealed unsafe class MappedMemory : IRegisterWindow, IDisposable
{
    private readonly string _path;
    private nint _address;

    /// <summary>Maps a part of a file or device.</summary>
    /// <param name="file">The file, opened to read and write.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="offset">Where it begins: a multiple of the page.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="SkiptuneException">It cannot be mapped.</exception>
    public MappedMemory(SafeFileHandle file, string path, long offset, int length)
    {
        _path = path;
        Length = length;
        _address = Native.Map(0, (nuint)length, Native.ReadWrite, Native.Shared, file, (nint)offset);
        if (_address == Native.MapFailed)
            throw new SkiptuneException($"{path}: cannot map {length} bytes at 0x{offset:X}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    public uint* Pointer => (uint*)_address;

    public uint Read(int offset) => Volatile.Read(ref *At(offset));

    public void Write(int offset, uint value) => Volatile.Write(ref *At(offset), value);

    public void Dispose()
    {
        if (_address != 0)
            _ = Native.Unmap(_address, (nuint)Length);
        _address = 0;
    }

    private uint* At(int offset)
    {
        ObjectDisposedException.ThrowIf(_address == 0, this);
        return offset >= 0 && offset % 4 == 0 && offset <= Length - 4
            ? Pointer + offset / 4
            : throw new ArgumentOutOfRangeException(nameof(offset), $"{_path} has no register at 0x{offset:X}");
    }
}
