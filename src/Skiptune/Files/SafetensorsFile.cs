using Skiptune.Numerics;

namespace Skiptune.Files;

/// <summary>
/// Named float32 tensors and a map of strings in the safetensors format: the length of a JSON header (8 bytes, the
/// low one first), the header, then the values of one tensor after the other.
/// </summary>
public sealed class SafetensorsFile
{
    internal SafetensorsFile(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Tensors = new OrderedDictionary<string, Tensor>(tensors, StringComparer.Ordinal);
        Metadata = metadata;
    }

    /// <summary>The tensors by name, in the order of their values in the file.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file. F16 and BF16 values are widened to float32.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="fileName">The name in errors.</param>
    /// <exception cref="SkiptuneException">The file breaks the format, or holds another type, NaN or infinity.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        try
        {
            return SafetensorsReader.Read(bytes);
        }
        catch (SkiptuneException e)
        {
            throw ErrorText.Of(fileName, e.Message, e);
        }
    }

    /// <summary>Writes tensors as F32, sorted by name: the same tensors give the same bytes.</summary>
    /// <param name="tensors">The tensors by name.</param>
    /// <param name="metadata">Strings to keep with them, or null.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="SkiptuneException">A name is empty or reserved, a value is not finite, or there are more than 2 GB.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return SafetensorsWriter.Write(tensors, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal));
    }

    /// <summary>A bound on the bytes of a file with these tensors' names and shapes and no metadata.</summary>
    internal static int MaxBytes(IReadOnlyDictionary<string, Tensor> tensors) =>
        (int)Math.Min(Array.MaxLength, tensors.Sum(tensor => sizeof(float) * (long)tensor.Value.Shape.Count + SafetensorsFormat.MaxEntryBytes(tensor.Key)) + SafetensorsFormat.MaxFrameBytes);
}
