using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>The frozen forward results of every sample, a row each.</summary>
internal sealed class ForwardCache
{
    private readonly CacheLayout _layout;
    private readonly Memory<byte> _rows;
    private readonly bool[] _filled;

    public ForwardCache(CacheLayout layout, int samples)
    {
        _layout = layout;
        Bytes = (long)samples * layout.RowBytes;
        if (Bytes > Shape.MaxElements)
            throw new SkiptuneException($"the forward cache of {samples} samples needs {Bytes / 1e9:F1} GB; use a smaller cache format or fewer samples");
        _rows = AlignedMemory.Allocate<byte>((int)Bytes);
        _filled = new bool[samples];
    }

    /// <summary>The bytes of all rows.</summary>
    public long Bytes { get; }

    /// <summary>True if the sample's row has been written.</summary>
    public bool Contains(int sample) => _filled[sample];

    /// <summary>Writes the rows of samples from the outputs of the frozen part, sample i of the run to row samples[i].</summary>
    /// <exception cref="SkiptuneException">A value is NaN or infinite.</exception>
    public void Store(KernelSet kernels, ReadOnlySpan<int> samples, GraphProgram trunk, (int Start, int End) share)
    {
        foreach (CacheSegment segment in _layout.Segments)
        {
            ReadOnlySpan<float> values = trunk.Value(segment.Name).Span;
            for (int i = share.Start; i < share.End; i++)
            {
                ReadOnlySpan<float> row = values.Slice(i * segment.Count, segment.Count);
                // A sum is finite only if all its terms are; it overflows only far beyond what half precision can scale.
                if (!float.IsFinite(kernels.Sum(row)))
                    throw new SkiptuneException($"the value '{segment.Name}' of sample {samples[i]} is not finite; check the model and the data");
                segment.Codec.Encode(kernels, row, Row(samples[i], segment));
            }
        }
        for (int i = share.Start; i < share.End; i++)
            _filled[samples[i]] = true;
    }

    /// <summary>Copies the rows of samples into the inputs of the trained part.</summary>
    public void Load(KernelSet kernels, ReadOnlySpan<int> samples, GraphProgram tail, (int Start, int End) share)
    {
        foreach (CacheSegment segment in _layout.Segments)
        {
            Span<float> values = tail.Value(segment.Name).Span;
            for (int i = share.Start; i < share.End; i++)
                segment.Codec.Decode(kernels, Row(samples[i], segment), values.Slice(i * segment.Count, segment.Count));
        }
    }

    private Span<byte> Row(int sample, CacheSegment segment) =>
        _rows.Span.Slice(sample * _layout.RowBytes + segment.Offset, segment.Bytes);
}
