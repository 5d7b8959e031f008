using System.Buffers.Binary;
using System.Text.Json;
using Skiptune.Numerics;

namespace Skiptune.Files;

/// <summary>Reads the safetensors format: nothing is allocated before the bytes it stands for are known to be there.</summary>
internal static class SafetensorsReader
{
    // The deepest legal header: the object of all, the object of one tensor, an array in it.
    private const int Depth = 3;

    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = Depth, AllowDuplicateProperties = false };

    internal sealed record Entry(string Name, string Type, Shape Shape, long Start, long End)
    {
        public int ElementBytes => Type == "F32" ? 4 : 2;
    }

    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < SafetensorsFormat.LengthBytes)
            throw new SkiptuneException($"has {bytes.Length} bytes, too few for a safetensors file; copy it again");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > SafetensorsFormat.MaxHeaderBytes)
            throw new SkiptuneException($"is not a safetensors file: its header would have {length} bytes, more than {SafetensorsFormat.MaxHeaderBytes}");
        if (length > (ulong)(bytes.Length - SafetensorsFormat.LengthBytes))
            throw new SkiptuneException($"is cut short or no safetensors file: its header of {length} bytes runs past the end; copy it again");
        ReadOnlyMemory<byte> header = bytes.Slice(SafetensorsFormat.LengthBytes, (int)length);
        ReadOnlyMemory<byte> data = bytes[(SafetensorsFormat.LengthBytes + (int)length)..];
        (List<Entry> entries, Dictionary<string, string> metadata) = ParseHeader(header);
        CheckOffsets(entries, data.Length);
        return new SafetensorsFile([.. entries.Select(entry => KeyValuePair.Create(entry.Name, Values(entry, data.Span)))], metadata);
    }

    internal static (List<Entry> Entries, Dictionary<string, string> Metadata) ParseHeader(ReadOnlyMemory<byte> header)
    {
        try
        {
            if (header.IsEmpty || header.Span[0] != (byte)'{')
                throw new SkiptuneException("is not a safetensors file: its header is no JSON object");
            using JsonDocument document = JsonDocument.Parse(header, s_json);
            List<Entry> entries = [];
            Dictionary<string, string> metadata = new(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(SafetensorsFormat.Metadata))
                    metadata = ParseMetadata(property.Value);
                else
                    entries.Add(ParseEntry(property.Name, property.Value));
            }
            return (entries, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is no UTF-8, or half of a surrogate pair.
            throw new SkiptuneException($"has a header that is not valid JSON ({e.Message})", e);
        }
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement element)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
            throw new SkiptuneException($"has {SafetensorsFormat.Metadata} that is no JSON object");
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new SkiptuneException($"has the metadata {ErrorText.Quote(property.Name)} that is no string");
            metadata.Add(property.Name, property.Value.GetString()!);
        }
        return metadata;
    }

    private static Entry ParseEntry(string name, JsonElement element)
    {
        if (name.Length == 0)
            throw new SkiptuneException("has a tensor without a name");
        if (element.ValueKind != JsonValueKind.Object)
            throw Fail(name, "is described by no JSON object");
        string? type = null;
        Shape? shape = null;
        long[]? offsets = null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            switch (property.Name)
            {
                case SafetensorsFormat.Type:
                    type = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
                    break;
                case SafetensorsFormat.Shape:
                    shape = ParseShape(name, property.Value);
                    break;
                case SafetensorsFormat.Offsets:
                    offsets = ParseNumbers(name, property.Value);
                    break;
                default:
                    throw Fail(name, $"has the unknown property {ErrorText.Quote(property.Name)}");
            }
        }
        if (type is null || shape is not { } extents || offsets is not { Length: 2 })
            throw Fail(name, "needs a dtype, a shape and two data_offsets");
        if (type is not ("F32" or "F16" or "BF16"))
            throw Fail(name, $"is of type {ErrorText.Quote(type)}; F32, F16 and BF16 are supported");
        return new Entry(name, type, extents, offsets[0], offsets[1]);
    }

    private static Shape ParseShape(string name, JsonElement element)
    {
        long[] extents = ParseNumbers(name, element);
        if (extents.Length > SafetensorsFormat.MaxRank)
            throw Fail(name, $"has {extents.Length} axes; {SafetensorsFormat.MaxRank} are the most");
        long count = 1;
        bool empty = extents.Contains(0);
        foreach (long extent in extents)
        {
            if (extent > Shape.MaxElements || (count = empty ? 0 : count * extent) > Shape.MaxElements)
                throw Fail(name, $"of {string.Join('x', extents)} is too large");
        }
        return new Shape([.. extents.Select(extent => (int)extent)]);
    }

    private static long[] ParseNumbers(string name, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fail(name, "has a shape or offsets that are no list");
        long[] numbers = new long[element.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i] < 0)
                throw Fail(name, "has a shape or offsets with something else than whole numbers from 0 on");
            i++;
        }
        return numbers;
    }

    // Sorted, each tensor must begin where the one before it ended, and the last must end the file.
    internal static void CheckOffsets(List<Entry> entries, long dataBytes)
    {
        List<Entry> sorted = [.. entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End)];
        long end = 0;
        foreach (Entry entry in sorted)
        {
            if (entry.End - entry.Start != (long)entry.ElementBytes * entry.Shape.Count)
                throw Fail(entry.Name, $"of {entry.Shape} in {entry.Type} cannot lie at {entry.Start} .. {entry.End}");
            if (entry.Start != end)
                throw Fail(entry.Name, $"begins at {entry.Start}, not at {end}: tensors overlap or leave a hole");
            if (entry.End > dataBytes)
                throw Fail(entry.Name, $"ends at {entry.End}, but the file has {dataBytes} bytes of data; it is cut short");
            end = entry.End;
        }
        if (end != dataBytes)
            throw new SkiptuneException($"has {dataBytes - end} bytes that belong to no tensor");
        entries.Clear();
        entries.AddRange(sorted);
    }

    private static Tensor Values(Entry entry, ReadOnlySpan<byte> data)
    {
        Tensor tensor = new(entry.Shape);
        ReadOnlySpan<byte> bytes = data[(int)entry.Start..(int)entry.End];
        if (entry.Type == "F32")
            LittleEndian.Read(bytes, tensor.Span);
        else
            Widen(bytes, entry.Type == "BF16", tensor.Span);
        if (!tensor.IsFinite())
            throw Fail(entry.Name, "holds NaN or infinity; the file is damaged or training has diverged");
        return tensor;
    }

    private static void Widen(ReadOnlySpan<byte> bytes, bool brain, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(sizeof(ushort) * i)..]);
            values[i] = brain ? BitConverter.Int32BitsToSingle(bits << 16) : (float)BitConverter.UInt16BitsToHalf(bits);
        }
    }

    private static SkiptuneException Fail(string name, string problem) => new($"the tensor {ErrorText.Quote(name)} {problem}");
}
