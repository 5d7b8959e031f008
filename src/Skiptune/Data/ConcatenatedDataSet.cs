namespace Skiptune.Data;

/// <summary>The samples of several data sets, one set after the other.</summary>
internal sealed class ConcatenatedDataSet : DataSet
{
    private readonly DataSet[] _parts;

    // The number of the first sample of each part.
    private readonly int[] _starts;

    /// <summary>Creates the set; all parts have the same sample shape and kind of targets.</summary>
    public ConcatenatedDataSet(DataSet[] parts, Targets targets)
        : base(parts[0].SampleShape, targets)
    {
        _parts = parts;
        _starts = new int[parts.Length];
        for (int i = 1; i < parts.Length; i++)
            _starts[i] = _starts[i - 1] + parts[i - 1].Count;
    }

    /// <inheritdoc/>
    internal override bool TryLocate(Span<nint> addresses)
    {
        for (int part = 0; part < _parts.Length; part++)
        {
            if (!_parts[part].TryLocate(addresses.Slice(_starts[part], _parts[part].Count)))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        for (int i = 0; i < indices.Length; i++)
        {
            int part = Array.BinarySearch(_starts, indices[i]);
            if (part < 0)
                part = ~part - 1;
            int row = indices[i] - _starts[part];
            _parts[part].Read(new ReadOnlySpan<int>(in row), destination.Slice(i * length, length));
        }
    }
}
