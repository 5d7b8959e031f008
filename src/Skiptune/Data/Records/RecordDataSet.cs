using System.Buffers;

namespace Skiptune.Data;

/// <summary>
/// Samples at fixed places in a file: of any size if they are read from it as they are needed, else held in memory as
/// they are stored. Which of the two changes no bit of what is read. The targets are always in memory.
/// </summary>
public sealed class RecordDataSet : DataSet, IDisposable
{
    // A whole number of values of every type.
    private const int Chunk = 256 * 1024;

    private readonly RecordBytes _bytes;
    private readonly RecordLayout _layout;
    private readonly string _name;

    // What is in memory is looked at once, all else at each read.
    private readonly bool _checks;

    /// <summary>Creates the set over the bytes, which it closes when it is disposed.</summary>
    private RecordDataSet(RecordBytes bytes, RecordLayout layout, Targets targets, string name)
        : base(layout.Sample, targets)
    {
        _bytes = bytes;
        _layout = layout;
        _name = name;
        _checks = StoredValues.CanBeNotFinite(layout.Type);
        if (!_checks || !bytes.InMemory)
            return;
        CheckAll();
        _checks = false;
    }

    /// <summary>Whether the samples are in memory and not read from a file as they are needed.</summary>
    public bool InMemory => _bytes.InMemory;

    /// <summary>Closes the file; no read may be running or follow.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Makes a set of bytes; closes them if that fails.</summary>
    /// <param name="bytes">The bytes; long enough for all samples.</param>
    /// <param name="name">The name in errors.</param>
    /// <param name="describe">Finds out where the samples are and what is known of them.</param>
    internal static RecordDataSet Over(RecordBytes bytes, string name, Func<RecordBytes, (RecordLayout Layout, Targets Targets)> describe)
    {
        try
        {
            (RecordLayout layout, Targets targets) = describe(bytes);
            return new RecordDataSet(bytes, layout, targets, name);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        byte[] buffer = _bytes.InMemory ? [] : ArrayPool<byte>.Shared.Rent((int)Math.Min(_layout.SampleBytes, Chunk));
        try
        {
            for (int i = 0; i < indices.Length; i++)
                ReadSample(indices[i], buffer, destination.Slice(i * length, length));
        }
        finally
        {
            if (buffer.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadSample(int sample, byte[] buffer, Span<float> destination)
    {
        int size = StoredValues.SizeOf(_layout.Type);
        long offset = _layout.Offset + sample * _layout.Stride;
        for (Span<float> left = destination; !left.IsEmpty;)
        {
            int count = Math.Min(left.Length, Chunk / size);
            StoredValues.ToSingle(_layout.Type, _bytes.View(offset, count * size, buffer), left[..count]);
            offset += count * size;
            left = left[count..];
        }
        if (_checks && destination.IndexOfNotFinite() >= 0)
            throw ErrorText.Of(_name, $"has a value that is NaN or infinite as float32 in entry {sample}; clean the data before use");
    }

    private void CheckAll()
    {
        float[] values = ArrayPool<float>.Shared.Rent(SampleShape.Count);
        try
        {
            for (int sample = 0; sample < Count; sample++)
                ReadSample(sample, [], values.AsSpan(0, SampleShape.Count));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }
}
