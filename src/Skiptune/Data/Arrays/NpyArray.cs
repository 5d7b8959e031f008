using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>An NPY array held in memory as it is stored.</summary>
internal sealed class NpyArray
{
    private readonly string _name;
    private readonly ReadOnlyMemory<byte> _bytes;

    private NpyArray(NpyHeader header, ReadOnlyMemory<byte> bytes, string name)
    {
        Header = header;
        _bytes = bytes;
        _name = name;
    }

    public NpyHeader Header { get; }

    /// <summary>Reads an array to the end of the stream.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="name">The name in errors.</param>
    /// <param name="stored">The bytes the file takes: what is allocated before more than that has come.</param>
    /// <param name="maxBytes">The most bytes the elements may take.</param>
    public static NpyArray Read(Stream stream, string name, long stored, int maxBytes)
    {
        NpyHeader header = NpyHeader.Read(stream, name);
        if (header.DataBytes > maxBytes || header.Count * header.Row.Count > Shape.MaxElements)
            throw ErrorText.Of(name, $"promises {header.DataBytes} bytes, more than the {Math.Min(maxBytes, Shape.MaxElements)} allowed in memory; use a smaller one");
        return new NpyArray(header, Bytes(stream, header.DataBytes, stored, name), name);
    }

    /// <summary>The values as float32.</summary>
    public Tensor ToTensor()
    {
        Shape row = Header.Row;
        Tensor tensor = new(row.Prepend((int)Header.Count));
        StoredValues.ToSingle(Header.Type, _bytes.Span, tensor.Span);
        int bad = tensor.Span.IndexOfNotFinite();
        if (bad >= 0)
            throw ErrorText.Of(_name, $"has a value that is NaN or infinite as float32 in entry {bad / row.Count}; clean the data before use");
        return tensor;
    }

    /// <summary>What the array says of samples: classes if its type is an integer's, else vectors.</summary>
    /// <param name="kind">What is wanted of it; null for what the type says.</param>
    /// <param name="classCount">The number of classes; null for the largest label + 1.</param>
    public Targets ToTargets(TargetKind? kind, int? classCount)
    {
        kind ??= StoredValues.IsInteger(Header.Type) ? TargetKind.Classes : TargetKind.Values;
        return kind == TargetKind.Classes ? ToClasses(classCount) : Targets.Values(ToTensor());
    }

    private static ReadOnlyMemory<byte> Bytes(Stream stream, long promised, long stored, string name)
    {
        using Spool spool = new(MemoryBudget.Unlimited(), name, stored, promised);
        spool.CopyFrom(stream, promised);
        return ((MemoryBytes)spool.Finish()).Memory;
    }

    private Targets ToClasses(int? classCount)
    {
        if (!StoredValues.IsInteger(Header.Type) || Header.Row.Count != 1)
            throw ErrorText.Of(_name, $"has the shape {string.Join('x', Header.Extents)} and the type {Header.Type}, but labels are one integer a sample; store them with astype('int64') or learn the values by regression");
        int[] labels = new int[Header.Count];
        int largest = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            long label = StoredValues.ToInt64(Header.Type, _bytes.Span, i);
            if (label is < 0 or >= ClassNameMap.MaxClasses)
                throw ErrorText.Of(_name, $"entry {i} has the label {label}; labels are 0 .. {ClassNameMap.MaxClasses - 1}");
            labels[i] = (int)label;
            largest = Math.Max(largest, labels[i]);
        }
        int classes = classCount ?? largest + 1;
        LabelCheck.Run(_name, labels, classes);
        return Targets.Classes(labels, classes);
    }
}
