using System.Buffers.Binary;
using System.Text;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// The header of an NPY file, versions 1 to 3: 93 'NUMPY', two version bytes, the length of a Python dictionary with
/// the keys descr, fortran_order and shape, that dictionary.
/// </summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Extents">1 .. 8 extents; the first may be above what a tensor can have, as files may be streamed.</param>
/// <param name="DataOffset">Where the elements start.</param>
internal sealed record NpyHeader(StoredType Type, long[] Extents, int DataOffset)
{
    /// <summary>NumPy aligns headers to 64 bytes and writes about 118 bytes; no honest one has more than this.</summary>
    private const int LongestText = 16 * 1024;

    private const int MaxRank = 8;

    /// <summary>Keeps every product of extents far from overflow.</summary>
    private const long MostBytes = 1L << 48;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The number of entries of the first axis.</summary>
    public long Count => Extents[0];

    /// <summary>The extents of one entry of the first axis; 1 for a vector.</summary>
    public Shape Row => Extents.Length == 1 ? new Shape(1) : new Shape(Array.ConvertAll(Extents[1..], e => (int)e));

    /// <summary>The bytes of one entry of the first axis.</summary>
    public long RowBytes => (long)Row.Count * StoredValues.SizeOf(Type);

    /// <summary>The bytes of all elements.</summary>
    public long DataBytes => Count * RowBytes;

    /// <summary>Where the entries of the first axis are.</summary>
    /// <param name="start">Where the NPY file starts.</param>
    public RecordLayout Layout(long start) => new(start + DataOffset, RowBytes, Row, Type);

    /// <summary>Reads a header; the stream is then where the elements start.</summary>
    /// <exception cref="SkiptuneException">It is no NPY header, or one of an array that cannot be read.</exception>
    public static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10 || !start.StartsWith(Magic))
            throw ErrorText.Of(name, "is not an NPY file: it does not start with 93 'NUMPY'; write it with numpy.save");
        int version = start[6];
        if (version is < 1 or > 3)
            throw ErrorText.Of(name, $"has the NPY version {version}.{start[7]}; versions 1 to 3 are supported, so write it with numpy.save");
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        int prefix = 10;
        if (version > 1)
        {
            prefix = 12;
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
                throw Cut(name);
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > LongestText)
            throw ErrorText.Of(name, $"has a header of {length} bytes, more than the {LongestText} allowed; write it with numpy.save");
        byte[] text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw Cut(name);
        return Parse(Encoding.Latin1.GetString(text), name, prefix + (int)length);
    }

    /// <summary>A whole header of float32 elements, padded so that they start at a multiple of 64.</summary>
    public static byte[] Write(Shape shape)
    {
        string extents = string.Concat(shape.Extents.Select(e => $"{e},{(shape.Rank > 1 ? " " : "")}")).TrimEnd();
        if (shape.Rank > 1)
            extents = extents.TrimEnd(',');
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({extents}), }}";
        int length = (10 + text.Length + 1 + 63) / 64 * 64 - 10;
        byte[] header = new byte[10 + length];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", header.AsSpan(10));
        return header;
    }

    private static NpyHeader Parse(string text, string name, int offset)
    {
        NpyDictionary dictionary = NpyDictionary.Parse(text, name);
        if (NpyDescriptor.TypeOf(dictionary.Descriptor) is not { } type)
            throw ErrorText.Of(name, $"has elements of the type {ErrorText.Quote(dictionary.Descriptor)}; {NpyDescriptor.Supported} are supported, so convert it with astype('float32')");
        long[] extents = dictionary.Extents;
        if (extents.Length is < 1 or > MaxRank)
            throw ErrorText.Of(name, $"has {extents.Length} axes; 1 to {MaxRank} are supported, the first for the samples");
        if (dictionary.FortranOrder && extents.Length > 1)
            throw ErrorText.Of(name, "is stored in Fortran order; write it with numpy.save(name, numpy.ascontiguousarray(x))");
        long row = 1;
        foreach (long extent in extents.AsSpan(1))
        {
            if (extent == 0)
                throw ErrorText.Of(name, $"has the shape {string.Join('x', extents)}, which has no values; every extent must be 1 or more");
            // Below 2^62: the product so far and the extent are both below 2^31.
            row *= extent;
            if (extent > Shape.MaxElements || row > Shape.MaxElements)
                throw ErrorText.Of(name, $"has entries of more than the {Shape.MaxElements} values allowed; cut them into smaller ones");
        }
        if (extents[0] is < 1 or > int.MaxValue)
            throw ErrorText.Of(name, $"has {extents[0]} entries; 1 to {int.MaxValue} are supported");
        if (extents[0] > MostBytes / (row * StoredValues.SizeOf(type)))
            throw ErrorText.Of(name, $"promises more than {MostBytes} bytes, which no file has; copy the file again");
        return new NpyHeader(type, extents, offset);
    }

    private static SkiptuneException Cut(string name) => ErrorText.Of(name, "ends inside its header; copy the file again");
}
