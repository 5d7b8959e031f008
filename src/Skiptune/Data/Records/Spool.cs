using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>
/// Takes bytes that come one after the other and gives them to be read in any order: in memory while the budget allows
/// it, beyond that in a scratch file that has no name and is gone when it is closed.
/// </summary>
/// <param name="budget">What memory may be taken.</param>
/// <param name="name">The name in errors.</param>
/// <param name="first">The bytes to take at first, such as those the source has on the disk; more as more come.</param>
/// <param name="most">The most bytes that will come.</param>
internal sealed class Spool(MemoryBudget budget, string name, long first, long most) : IDisposable
{
    private const int Smallest = 64 * 1024;

    private byte[] _memory = [];
    private int _filled;
    private SafeFileHandle? _scratch;
    private long _written;

    /// <summary>How many bytes came.</summary>
    public long Length => _written + _filled;

    /// <summary>Takes bytes.</summary>
    /// <exception cref="SkiptuneException">The scratch file cannot be made or is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_filled == _memory.Length)
                MakeRoom();
            int count = Math.Min(bytes.Length, _memory.Length - _filled);
            bytes[..count].CopyTo(_memory.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Takes as many bytes as a header promised, which the end of the stream must follow.</summary>
    /// <exception cref="SkiptuneException">Fewer or more come.</exception>
    public void CopyFrom(Stream stream, long promised)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Smallest);
        try
        {
            for (long left = promised; left > 0;)
            {
                int read = stream.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
                if (read == 0)
                    throw ErrorText.Of(name, $"ends after {promised - left} of the {promised} bytes its header promises; download or copy the file again");
                Write(buffer.AsSpan(0, read));
                left -= read;
            }
            // Reading to the end also makes gzip compare its checksum.
            if (stream.ReadByte() >= 0)
                throw ErrorText.Of(name, $"goes on after the {promised} bytes its header promises; download or copy the file again");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>All bytes that came; nothing can be added then.</summary>
    public RecordBytes Finish()
    {
        if (_scratch is null)
        {
            byte[] memory = _memory;
            if (_filled < memory.Length)
                memory = memory[.._filled];
            budget.Return(_memory.Length - memory.Length);
            _memory = [];
            return new MemoryBytes(memory);
        }
        Flush();
        FileBytes bytes = new(_scratch, _written, name);
        _scratch = null;
        return bytes;
    }

    /// <summary>Gives up what was not finished.</summary>
    public void Dispose() => _scratch?.Dispose();

    private void MakeRoom()
    {
        if (_scratch is null)
        {
            long size = _memory.Length == 0 ? Math.Max(Smallest, first) : 2L * _memory.Length;
            size = Math.Min(size, Math.Max(most, 1));
            if (budget.TryTake(size - _memory.Length, _memory.Length))
            {
                Array.Resize(ref _memory, (int)size);
                return;
            }
            Guard(() => _scratch = ScratchFile.Open(Path.Combine(Path.GetTempPath(), "skiptune")));
            budget.Return(_memory.Length);
        }
        Flush();
        if (_memory.Length != Smallest)
            _memory = new byte[Smallest];
    }

    private void Flush() => Guard(() =>
    {
        RandomAccess.Write(_scratch!, _memory.AsSpan(0, _filled), _written);
        _written += _filled;
        _filled = 0;
    });

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorText.Of(name, $"cannot be unpacked in {Path.GetTempPath()} ({exception.Message}); name a folder with room in the variable {(OperatingSystem.IsWindows() ? "TMP" : "TMPDIR")}", exception);
        }
    }
}
