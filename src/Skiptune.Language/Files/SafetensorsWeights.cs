using System.Buffers.Binary;
using Skiptune.Files;
using Skiptune.Language.Weights;
using Skiptune.Numerics;

namespace Skiptune.Language.Files;

/// <summary>The tensors of a Hugging Face folder, mapped: of model.safetensors, or of the files its index names.</summary>
internal sealed unsafe class SafetensorsWeights
{
    private readonly Dictionary<string, (MappedFile File, SafetensorsReader.Entry Entry, long Data)> _tensors = new(StringComparer.Ordinal);
    private readonly List<MappedFile> _files = [];

    /// <summary>The mapped files.</summary>
    public IReadOnlyList<MappedFile> Files => _files;

    /// <summary>Maps a file and adds its tensors.</summary>
    /// <exception cref="SkiptuneException">The file is damaged, or a tensor stands in two files.</exception>
    public void Add(string path)
    {
        MappedFile file = new(path);
        _files.Add(file);
        ulong length = file.Length < SafetensorsFormat.LengthBytes ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, SafetensorsFormat.LengthBytes));
        if (length == 0 || length > SafetensorsFormat.MaxHeaderBytes || length > (ulong)(file.Length - SafetensorsFormat.LengthBytes))
            throw file.Error($"is not a safetensors file, or cut short: its header would have {length} bytes");
        long data = SafetensorsFormat.LengthBytes + (long)length;
        try
        {
            (List<SafetensorsReader.Entry> entries, _) = SafetensorsReader.ParseHeader(file.Span(SafetensorsFormat.LengthBytes, (int)length).ToArray());
            SafetensorsReader.CheckOffsets(entries, file.Length - data);
            foreach (SafetensorsReader.Entry entry in entries)
            {
                if (!_tensors.TryAdd(entry.Name, (file, entry, data)))
                    throw new SkiptuneException($"the tensor {ErrorText.Quote(entry.Name)} stands in two files");
            }
        }
        catch (SkiptuneException exception)
        {
            throw ErrorText.Of(path, exception.Message, exception);
        }
    }

    /// <summary>True if there is such a tensor.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>A matrix.</summary>
    /// <exception cref="SkiptuneException">It is missing or has other extents.</exception>
    public WeightMatrix Matrix(string name, int rows, int columns) => Find(name, new Shape(rows, columns));

    /// <summary>A vector, in float32.</summary>
    /// <exception cref="SkiptuneException">It is missing or has another length.</exception>
    public Tensor Vector(string name, int length)
    {
        Tensor vector = Find(name, new Shape(length)).ToTensor().Reshape(new Shape(length));
        return vector.IsFinite() ? vector : throw _tensors[name].File.Error($"the tensor {ErrorText.Quote(name)} holds NaN or infinity");
    }

    private WeightMatrix Find(string name, Shape shape)
    {
        if (!_tensors.TryGetValue(name, out var tensor))
            throw _files[0].Error($"lacks the tensor {ErrorText.Quote(name)}");
        if (tensor.Entry.Shape != shape)
            throw tensor.File.Error($"the tensor {ErrorText.Quote(name)} is {tensor.Entry.Shape}, the model needs {shape}");
        return new WeightMatrix(Enum.Parse<WeightFormat>(tensor.Entry.Type), shape.Rank == 2 ? shape[0] : 1, shape[-1], tensor.File, tensor.File.At(tensor.Data + tensor.Entry.Start));
    }
}
