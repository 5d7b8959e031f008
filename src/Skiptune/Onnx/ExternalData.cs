using Google.Protobuf;
using Skiptune.Numerics;
using Skiptune.Onnx.Proto;

namespace Skiptune.Onnx;

/// <summary>Reads tensors that are stored beside the model, from its folder and nowhere else.</summary>
internal sealed class ExternalData(string? folder)
{
    private readonly Dictionary<string, long> _lengths = new(StringComparer.Ordinal);

    /// <summary>The bytes read so far; never more than the files have, so that many tensors cannot be made of one.</summary>
    public long Bytes { get; private set; }

    /// <summary>The tensor with its data inside.</summary>
    /// <exception cref="SkiptuneException">The data lie outside the folder, or are not what the tensor says.</exception>
    public TensorProto Inline(TensorProto proto)
    {
        if (proto.DataLocation == TensorProto.Types.DataLocation.Default && proto.ExternalData.Count == 0)
            return proto;
        if (folder is null)
            throw Fail(proto, "is stored in another file; load the model from its folder, or save it with its weights inside");
        if (proto.RawData.Length > 0 || proto.FloatData.Count > 0 || proto.Int32Data.Count > 0 || proto.Int64Data.Count > 0)
            throw Fail(proto, "holds its data twice");
        long needed = new Shape(TensorReader.Dims(proto)).Count * (long)ElementType.SizeOf(proto.DataType);
        (string location, long offset, long? length) = Read(proto);
        if ((length ?? needed) != needed || needed > Array.MaxLength)
            throw Fail(proto, $"needs {needed} bytes, but {length} are said to be in {ErrorText.Quote(location)}");
        TensorProto copy = new() { Name = proto.Name, DataType = proto.DataType, RawData = UnsafeByteOperations.UnsafeWrap(Load(proto, location, offset, (int)needed)) };
        copy.Dims.Add(proto.Dims);
        return copy;
    }

    private static (string Location, long Offset, long? Length) Read(TensorProto proto)
    {
        string location = "";
        long offset = 0;
        long? length = null;
        foreach (StringStringEntryProto entry in proto.ExternalData)
        {
            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = Number(proto, entry);
                    break;
                case "length":
                    length = Number(proto, entry);
                    break;
            }
        }
        return (location, offset, length);
    }

    private static long Number(TensorProto proto, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, out long value) && value >= 0 ? value : throw Fail(proto, $"has the {entry.Key} {ErrorText.Quote(entry.Value)} in its file, which is no number");

    private byte[] Load(TensorProto proto, string location, long offset, int count)
    {
        string path = Locate(proto, location);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (offset > stream.Length || count > stream.Length - offset)
                throw Fail(proto, $"needs {count} bytes from {offset} of {ErrorText.Quote(location)}, which has {stream.Length}");
            _lengths[path] = stream.Length;
            Bytes += count;
            if (Bytes > _lengths.Values.Sum())
                throw Fail(proto, $"shares its part of {ErrorText.Quote(location)} with others; save each tensor once");
            byte[] bytes = new byte[count];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SkiptuneException($"the tensor {ErrorText.Quote(proto.Name)} cannot be read from {ErrorText.Quote(location)} ({e.Message})", e);
        }
    }

    // A file of the folder or of one below, reached without links: a model must not name other files of the machine.
    private string Locate(TensorProto proto, string location)
    {
        string[] parts = location.Split('/', '\\');
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains(':') || location.Contains('\0') || parts.Any(part => part is "" or "." or ".."))
            throw Fail(proto, $"names the file {ErrorText.Quote(location)}; only files in the model's folder are read");
        string path = folder!;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
                throw Fail(proto, $"names {ErrorText.Quote(location)}, which is a link; put the file itself there");
        }
        return File.Exists(path) ? path : throw Fail(proto, $"is stored in {ErrorText.Quote(location)}, which is missing; copy it beside the model");
    }

    private static SkiptuneException Fail(TensorProto proto, string problem) => new($"the tensor {ErrorText.Quote(proto.Name)} {problem}");
}
