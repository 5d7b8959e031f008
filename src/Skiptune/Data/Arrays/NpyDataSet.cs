using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Samples in a .npy file of any size, read as they are needed. Nothing but the targets is held in memory; the
/// operating system keeps in its page cache what it has room for.
/// </summary>
/// <remarks>
/// Reads are positional and so need no lock. The file is not mapped: one that is cut while it is mapped ends the
/// whole process, one that is cut while it is read is an error.
/// </remarks>
public sealed class NpyDataSet : DataSet, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly NpyHeader _header;
    private readonly string _path;

    private NpyDataSet(SafeFileHandle file, NpyHeader header, string path, Targets targets)
        : base(header.Row, targets)
    {
        _file = file;
        _header = header;
        _path = path;
    }

    /// <summary>Closes the file; no read may be running or follow.</summary>
    public void Dispose() => _file.Dispose();

    internal static NpyDataSet Open(string path, Targets? targets)
    {
        NpyHeader header = DataFile.Read(path, stream => CheckedHeader(stream, path));
        targets ??= Targets.None((int)header.Count);
        if (targets.Count != header.Count)
            throw ErrorText.Of(path, $"has {header.Count} samples, but there are {targets.Count} targets; give files that belong together");
        return DataFile.Guard(path, () => new NpyDataSet(File.OpenHandle(path, options: FileOptions.RandomAccess), header, path, targets));
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(_header.RowBytes, Chunk));
        try
        {
            for (int i = 0; i < indices.Length; i++)
                ReadSample(indices[i], buffer, destination.Slice(i * length, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // A whole number of elements of every type.
    private const int Chunk = 256 * 1024;

    private void ReadSample(int sample, byte[] buffer, Span<float> destination)
    {
        int size = NpyElements.SizeOf(_header.Type);
        long offset = _header.DataOffset + sample * _header.RowBytes;
        Span<float> left = destination;
        while (!left.IsEmpty)
        {
            int count = Math.Min(left.Length, Chunk / size);
            ReadExactly(buffer.AsSpan(0, count * size), offset);
            NpyElements.ToSingle(_header.Type, buffer.AsSpan(0, count * size), left[..count]);
            offset += count * size;
            left = left[count..];
        }
        if (destination.IndexOfNotFinite() >= 0)
            throw ErrorText.Of(_path, $"has a value that is NaN or infinite as float32 in entry {sample}; clean the data before use");
    }

    private void ReadExactly(Span<byte> bytes, long offset)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int read = RandomAccess.Read(_file, bytes, offset);
                if (read == 0)
                    throw new EndOfStreamException("it is shorter than when it was opened");
                offset += read;
                bytes = bytes[read..];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ErrorText.Of(_path, $"cannot be read ({exception.Message}); leave the file as it is while it is used", exception);
        }
    }

    private static NpyHeader CheckedHeader(FileStream stream, string path)
    {
        NpyHeader header = NpyHeader.Read(stream, path);
        long expected = header.DataOffset + header.DataBytes;
        return stream.Length == expected
            ? header
            : throw ErrorText.Of(path, $"has {stream.Length} bytes, but its header promises {expected}; download or copy the file again");
    }
}
