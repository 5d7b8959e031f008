using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Reads IDX files that may lie about themselves.</summary>
internal static class IdxReader
{
    private const int FirstBuffer = 64 * 1024;

    public static IdxFile Read(string path, int maxBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, IdxFile.MaxBytes);
        try
        {
            using InflatedFile file = InflatedFile.Open(path);
            Shape shape = ReadHeader(path, file.Content, maxBytes);
            byte[] values = ReadValues(path, file, shape);
            if (file.GzipLength is { } stated && stated != (uint)(4 + 4 * shape.Rank) + (uint)values.Length)
                throw new InvalidDataException("cut inside the trailer, followed by other bytes, or of several members");
            return new IdxFile(shape, values);
        }
        catch (InvalidDataException exception)
        {
            throw new SkiptuneException($"{path}: its gzip data are damaged, cut or followed by other bytes; download or copy the file again", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SkiptuneException($"{path}: there is no such file; check the path", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SkiptuneException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static Shape ReadHeader(string path, Stream stream, int maxBytes)
    {
        Span<byte> header = stackalloc byte[4 + 4 * IdxFile.MaxRank];
        int got = stream.ReadAtLeast(header[..4], 4, throwOnEndOfStream: false);
        if (got == 0)
            throw new SkiptuneException($"{path}: is empty; download or copy the file again");
        if (got < 4 || header[0] != 0 || header[1] != 0)
            throw new SkiptuneException($"{path}: is not an IDX file: it starts with {Convert.ToHexString(header[..got])} and not with 000008 and the number of axes");
        if (header[2] != IdxFile.UnsignedByte)
            throw new SkiptuneException($"{path}: has elements of the type code 0x{header[2]:X2}; only unsigned bytes (0x08) are supported");
        int rank = header[3];
        if (rank is < 1 or > IdxFile.MaxRank)
            throw new SkiptuneException($"{path}: has {rank} axes; 1 to {IdxFile.MaxRank} are supported");
        Span<byte> axes = header.Slice(4, 4 * rank);
        if (stream.ReadAtLeast(axes, axes.Length, throwOnEndOfStream: false) < axes.Length)
            throw new SkiptuneException($"{path}: ends inside its header; download or copy the file again");
        return ShapeOf(path, axes, maxBytes);
    }

    private static Shape ShapeOf(string path, ReadOnlySpan<byte> axes, int maxBytes)
    {
        int[] extents = new int[axes.Length / 4];
        long count = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(axes[(4 * axis)..]);
            if (extents[axis] < 0)
                throw new SkiptuneException($"{path}: axis {axis} has the extent {(uint)extents[axis]}, which is negative or too large; download or copy the file again");
            // Stays below 2^62: the count so far is at most maxBytes, below 2^31.
            count *= extents[axis];
            if (count > maxBytes)
                throw new SkiptuneException($"{path}: its header promises more than the {maxBytes} bytes allowed; give a smaller file");
        }
        return new Shape(extents);
    }

    private static byte[] ReadValues(string path, InflatedFile file, Shape shape)
    {
        Stream stream = file.Content;
        // The header is only a claim: start from what the file holds and grow as bytes arrive, never past the claim.
        byte[] values = new byte[Math.Min(shape.Count, Math.Max(FirstBuffer, file.StoredBytes))];
        int got = 0;
        while (got < shape.Count)
        {
            if (got == values.Length)
                Array.Resize(ref values, (int)Math.Min(shape.Count, 2L * values.Length));
            int read = stream.Read(values, got, values.Length - got);
            if (read == 0)
                throw new SkiptuneException($"{path}: ends after {got} of the {shape.Count} values ({shape}) its header promises; download or copy the file again");
            got += read;
        }
        // Reading to the end also makes gzip compare its checksum.
        if (stream.ReadByte() >= 0)
            throw new SkiptuneException($"{path}: goes on after the {shape.Count} values ({shape}) its header promises; download or copy the file again");
        return values;
    }
}
