using System.Buffers.Binary;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>An IDX array whose values are read as they are needed.</summary>
/// <param name="Bytes">The file's bytes, or the values alone.</param>
/// <param name="Offset">Where the values start in them.</param>
/// <param name="Extents">1 .. 4 extents, outermost first; their product may be above what a tensor can have.</param>
internal sealed record IdxContent(RecordBytes Bytes, long Offset, int[] Extents)
{
    /// <summary>The extents as an error gives them.</summary>
    public string Text => string.Join('x', Extents);
}

/// <summary>Reads IDX files that may lie about themselves.</summary>
internal static class IdxReader
{
    /// <summary>Far from overflow, and more than any disk has.</summary>
    private const long MostBytes = 1L << 48;

    /// <summary>Reads an array into memory.</summary>
    public static IdxFile Read(string path, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, IdxFile.MaxBytes);
        IdxContent content = Open(path, MemoryBudget.Unlimited(), maxBytes);
        Shape shape = new(content.Extents);
        return new IdxFile(shape, ((MemoryBytes)content.Bytes).Memory.Slice((int)content.Offset, shape.Count));
    }

    /// <summary>Opens an array: it is in memory if the budget allows it.</summary>
    /// <exception cref="SkiptuneException">The file cannot be read, is not IDX of unsigned bytes, or is damaged.</exception>
    public static IdxContent Open(string path, MemoryBudget budget, long maxBytes = MostBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return DataFile.Guard(path, () =>
        {
            using InflatedFile file = InflatedFile.Open(path);
            int[] extents = ReadHeader(path, file.Content, maxBytes);
            int header = 4 + 4 * extents.Length;
            long values = extents.Aggregate(1L, (count, extent) => count * extent);
            if (file.GzipLength is not null)
                return new IdxContent(StoredFile.Inflate(file, path, budget, header, values), 0, extents);
            if (file.StoredBytes != header + values)
            {
                string got = file.StoredBytes < header + values ? $"ends after {file.StoredBytes - header} of" : "goes on after";
                throw ErrorText.Of(path, $"{got} the {values} values ({string.Join('x', extents)}) its header promises; download or copy the file again");
            }
            return new IdxContent(StoredFile.OpenPlain(path, (FileStream)file.Content, budget), header, extents);
        });
    }

    private static int[] ReadHeader(string path, Stream stream, long maxBytes)
    {
        Span<byte> header = stackalloc byte[4 + 4 * IdxFile.MaxRank];
        int got = stream.ReadAtLeast(header[..4], 4, throwOnEndOfStream: false);
        if (got == 0)
            throw ErrorText.Of(path, $"is empty; download or copy the file again");
        if (got < 4 || header[0] != 0 || header[1] != 0)
            throw ErrorText.Of(path, $"is not an IDX file: it starts with {Convert.ToHexString(header[..got])} and not with 000008 and the number of axes");
        if (header[2] != IdxFile.UnsignedByte)
            throw ErrorText.Of(path, $"has elements of the type code 0x{header[2]:X2}; only unsigned bytes (0x08) are supported");
        int rank = header[3];
        if (rank is < 1 or > IdxFile.MaxRank)
            throw ErrorText.Of(path, $"has {rank} axes; 1 to {IdxFile.MaxRank} are supported");
        Span<byte> axes = header.Slice(4, 4 * rank);
        if (stream.ReadAtLeast(axes, axes.Length, throwOnEndOfStream: false) < axes.Length)
            throw ErrorText.Of(path, $"ends inside its header; download or copy the file again");
        return ExtentsOf(path, axes, maxBytes);
    }

    private static int[] ExtentsOf(string path, ReadOnlySpan<byte> axes, long maxBytes)
    {
        int[] extents = new int[axes.Length / 4];
        long count = 1;
        // Below 2^62: the product so far and the extent are both below 2^31.
        long row = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(axes[(4 * axis)..]);
            if (extents[axis] < 0)
                throw ErrorText.Of(path, $"axis {axis} has the extent {(uint)extents[axis]}, which is negative or too large; download or copy the file again");
            if (extents[axis] > 0 && count > maxBytes / extents[axis])
                throw ErrorText.Of(path, $"its header promises more than the {maxBytes} bytes allowed; give a smaller file");
            count *= extents[axis];
            row = axis == 0 ? 1 : row * extents[axis];
            if (row > Shape.MaxElements)
                throw ErrorText.Of(path, $"its header promises entries of more than the {Shape.MaxElements} values allowed; give a smaller file");
        }
        return extents;
    }
}
