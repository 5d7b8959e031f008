using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Skiptune.Language.Files;

/// <summary>A tensor of a GGUF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extents">Its extents, the fastest first.</param>
/// <param name="Type">The number of its type.</param>
/// <param name="Offset">Its first byte, from the start of the file.</param>
internal sealed record GgufTensor(string Name, ImmutableArray<long> Extents, uint Type, long Offset)
{
    public long Count => Extents.Aggregate(1L, (product, extent) => product * extent);
}

/// <summary>
/// The header of a GGUF file (version 3, little-endian): metadata and the places of the tensors. Every length is checked
/// against the bytes that are left before anything is made of it.
/// </summary>
internal sealed class GgufReader
{
    private const uint Magic = 0x46554747;
    private const int MaxName = 1 << 10;
    private const int MaxAxes = 4;
    private const int MaxExtent = 1 << 30;
    private const int MaxDepth = 4;

    private readonly MappedFile _file;
    private long _at;

    private GgufReader(MappedFile file) => _file = file;

    /// <summary>The metadata: numbers as long, ulong or double, truth as bool, texts as byte[], lists as object[].</summary>
    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensors by name.</summary>
    public Dictionary<string, GgufTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="SkiptuneException">The file is not GGUF version 3, or damaged.</exception>
    public static GgufReader Read(MappedFile file)
    {
        GgufReader reader = new(file);
        reader.ReadHeader();
        return reader;
    }

    private void ReadHeader()
    {
        if (_file.Length < 24 || UInt32() != Magic)
            throw _file.Error("is not a GGUF file");
        uint version = UInt32();
        if (version != 3)
            throw _file.Error($"is GGUF version {version}; version 3 is supported");
        ulong tensors = UInt64();
        ulong entries = UInt64();
        // A tensor takes at least 24 bytes, an entry 12.
        if (tensors > (ulong)Left / 24 || entries > (ulong)Left / 12)
            throw _file.Error($"claims {tensors} tensors and {entries} entries, more than its {_file.Length} bytes can hold");
        for (ulong i = 0; i < entries; i++)
        {
            string key = Name("metadata key");
            if (!Metadata.TryAdd(key, Value(UInt32(), 0)))
                throw _file.Error($"has the metadata key {ErrorText.Quote(key)} twice");
        }
        List<GgufTensor> listed = [];
        for (ulong i = 0; i < tensors; i++)
            listed.Add(TensorEntry());
        long alignment = Metadata.TryGetValue("general.alignment", out object? value) ? value as long? ?? 0 : 32;
        if (alignment is < 1 or > 1 << 16 || (alignment & (alignment - 1)) != 0)
            throw _file.Error($"has the alignment {alignment}; a power of two is needed");
        long data = (_at + alignment - 1) / alignment * alignment;
        foreach (GgufTensor tensor in listed)
        {
            if (tensor.Offset < 0 || tensor.Offset % alignment != 0 || tensor.Offset > _file.Length - data)
                throw _file.Error($"the tensor {ErrorText.Quote(tensor.Name)} cannot lie at {tensor.Offset}");
            if (!Tensors.TryAdd(tensor.Name, tensor with { Offset = data + tensor.Offset }))
                throw _file.Error($"has the tensor {ErrorText.Quote(tensor.Name)} twice");
        }
    }

    private GgufTensor TensorEntry()
    {
        string name = Name("tensor name");
        uint axes = UInt32();
        if (axes is 0 or > MaxAxes)
            throw _file.Error($"the tensor {ErrorText.Quote(name)} has {axes} axes");
        long[] extents = new long[axes];
        long count = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            ulong extent = UInt64();
            if (extent is 0 or > MaxExtent || (count *= (long)extent) > 1L << 40)
                throw _file.Error($"the tensor {ErrorText.Quote(name)} has an impossible extent of {extent}");
            extents[i] = (long)extent;
        }
        uint type = UInt32();
        ulong offset = UInt64();
        return new GgufTensor(name, [.. extents], type, offset > long.MaxValue ? -1 : (long)offset);
    }

    private object Value(uint type, int depth) => type switch
    {
        0 => (long)Take(1)[0],
        1 => (long)(sbyte)Take(1)[0],
        2 => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
        3 => (long)BinaryPrimitives.ReadInt16LittleEndian(Take(2)),
        4 => (long)UInt32(),
        5 => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
        6 => (double)BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        7 => Take(1)[0] != 0,
        8 => Bytes(),
        9 => List(depth),
        10 => UInt64(),
        11 => BinaryPrimitives.ReadInt64LittleEndian(Take(8)),
        12 => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        _ => throw _file.Error($"has metadata of the unknown type {type}"),
    };

    private object[] List(int depth)
    {
        if (depth == MaxDepth)
            throw _file.Error("has lists in lists deeper than any model needs");
        uint type = UInt32();
        ulong count = UInt64();
        // Each element takes at least a byte; an empty text eight, and an empty list twelve.
        if (count > (ulong)Left / (type switch { 8 => 8u, 9 => 12u, _ => 1u }))
            throw _file.Error($"claims a list of {count} elements with {Left} bytes left");
        object[] values = new object[(int)count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Value(type, depth + 1);
        return values;
    }

    private long Left => _file.Length - _at;

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private byte[] Bytes()
    {
        ulong length = UInt64();
        if (length > (ulong)Left || length > int.MaxValue)
            throw _file.Error($"is cut short or damaged: a text of {length} bytes with {Left} left");
        return Take((int)length).ToArray();
    }

    private string Name(string what)
    {
        byte[] bytes = Bytes();
        return bytes.Length is > 0 and <= MaxName ? Encoding.UTF8.GetString(bytes) : throw _file.Error($"has a {what} of {bytes.Length} bytes");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> bytes = _file.Span(_at, count);
        _at += count;
        return bytes;
    }
}
