using System.Buffers.Binary;
using System.IO.Compression;
using Skiptune.Files;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// An array of unsigned bytes in the IDX format of the MNIST family: 00 00 08, the number of axes (1 .. 4), each
/// extent as a big-endian 32-bit number, then the bytes, row-major. Files may be plain or gzip.
/// </summary>
public sealed class IdxFile
{
    /// <summary>The most bytes an array may have: <see cref="Shape.MaxElements"/>.</summary>
    public const int MaxBytes = Shape.MaxElements;

    /// <summary>The most axes an array may have.</summary>
    internal const int MaxRank = 4;

    /// <summary>The type code of unsigned bytes.</summary>
    internal const byte UnsignedByte = 0x08;

    /// <summary>Creates an array over the memory.</summary>
    /// <param name="shape">1 .. 4 axes.</param>
    /// <param name="values">Row-major, as many as the shape has elements; not copied.</param>
    /// <exception cref="ArgumentException">The number of axes or of values does not fit.</exception>
    public IdxFile(Shape shape, ReadOnlyMemory<byte> values)
    {
        if (shape.Rank is < 1 or > MaxRank)
            throw new ArgumentException($"an IDX file has 1 to {MaxRank} axes, not {shape.Rank}", nameof(shape));
        if (values.Length != shape.Count)
            throw new ArgumentException($"{values.Length} bytes do not fill an array of {shape}", nameof(values));
        Shape = shape;
        Values = values;
    }

    /// <summary>The extents, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The bytes, row-major.</summary>
    public ReadOnlyMemory<byte> Values { get; }

    /// <summary>Reads a file, plain or gzip, whichever its first bytes say.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most values the header may promise; default <see cref="MaxBytes"/>.</param>
    /// <exception cref="SkiptuneException">
    /// The file cannot be read, is not IDX of unsigned bytes, is damaged, or is larger than allowed. Whatever its
    /// header or its compressed data claim, memory grows only with the bytes that are there, up to the promise.
    /// </exception>
    public static IdxFile Read(string path, int maxBytes = MaxBytes) => IdxReader.Read(path, maxBytes);

    /// <summary>Writes the file whole or not at all: to a temporary file beside it, which then takes its name.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="compress">
    /// True for gzip, which carries no name or time: the same array gives the same bytes with the same .NET runtime
    /// (another version may compress differently).
    /// </param>
    /// <exception cref="SkiptuneException">The file cannot be written.</exception>
    public void Write(string path, bool compress)
    {
        try
        {
            using PendingFile file = new(path);
            if (compress)
            {
                using GZipStream gzip = new(file.Stream, CompressionLevel.SmallestSize, leaveOpen: true);
                Write(gzip);
            }
            else
            {
                Write(file.Stream);
            }
            file.Commit();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SkiptuneException($"{path}: cannot be written: {exception.Message}", exception);
        }
    }

    private void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[4 + 4 * MaxRank];
        header[0] = 0;
        header[1] = 0;
        header[2] = UnsignedByte;
        header[3] = (byte)Shape.Rank;
        for (int axis = 0; axis < Shape.Rank; axis++)
            BinaryPrimitives.WriteInt32BigEndian(header[(4 + 4 * axis)..], Shape[axis]);
        stream.Write(header[..(4 + 4 * Shape.Rank)]);
        stream.Write(Values.Span);
    }
}
