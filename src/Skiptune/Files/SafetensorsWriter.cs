using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Skiptune.Numerics;

namespace Skiptune.Files;

/// <summary>Writes the safetensors format.</summary>
internal static class SafetensorsWriter
{
    // So that the values begin on a multiple of it and can be mapped.
    private const int Alignment = 8;

    public static byte[] Write(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        KeyValuePair<string, Tensor>[] sorted = [.. tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal)];
        foreach ((string name, Tensor tensor) in sorted)
        {
            if (name.Length == 0 || name == SafetensorsFormat.Metadata)
                throw Fail(name, "cannot have this name");
            if (tensor.Shape.Rank > SafetensorsFormat.MaxRank)
                throw Fail(name, $"has {tensor.Shape.Rank} axes; {SafetensorsFormat.MaxRank} are the most");
            if (!tensor.IsFinite())
                throw Fail(name, "holds NaN or infinity and is not written; training has diverged: lower the learning rate");
        }
        ReadOnlySpan<byte> header = Header(sorted, metadata);
        int padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        long total = SafetensorsFormat.LengthBytes + padded + sorted.Sum(tensor => Bytes(tensor.Value));
        if (padded > SafetensorsFormat.MaxHeaderBytes || total > Array.MaxLength)
            throw new SkiptuneException($"{sorted.Length} tensors of {total} bytes are too large for one safetensors file; write fewer");
        byte[] file = new byte[total];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)padded);
        file.AsSpan(SafetensorsFormat.LengthBytes, padded).Fill((byte)' ');
        header.CopyTo(file.AsSpan(SafetensorsFormat.LengthBytes));
        int at = SafetensorsFormat.LengthBytes + padded;
        foreach ((_, Tensor tensor) in sorted)
        {
            LittleEndian.Write(tensor.Span, file.AsSpan(at));
            at += (int)Bytes(tensor);
        }
        return file;
    }

    private static ReadOnlySpan<byte> Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsFormat.Metadata);
                foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long start = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString(SafetensorsFormat.Type, "F32");
                json.WriteStartArray(SafetensorsFormat.Shape);
                foreach (int extent in tensor.Shape.Extents)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray(SafetensorsFormat.Offsets);
                json.WriteNumberValue(start);
                json.WriteNumberValue(start += Bytes(tensor));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }

    private static long Bytes(Tensor tensor) => sizeof(float) * (long)tensor.Shape.Count;

    private static SkiptuneException Fail(string name, string problem) =>
        new(ErrorText.OneLine($"the tensor {ErrorText.Quote(name)} {problem}"));
}
