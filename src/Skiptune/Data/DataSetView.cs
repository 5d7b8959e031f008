namespace Skiptune.Data;

/// <summary>Some samples of another data set, in an order of their own.</summary>
internal sealed class DataSetView : DataSet
{
    private const int RowsAtATime = 128;

    private readonly DataSet _source;
    private readonly int[] _rows;

    /// <summary>Creates the view; the rows are checked by the caller and not copied.</summary>
    public DataSetView(DataSet source, int[] rows)
        : base(source.SampleShape, source.Targets.Select(rows))
    {
        // A view of a view reads the source directly, however many there are.
        if (source is DataSetView view)
        {
            _source = view._source;
            _rows = Array.ConvertAll(rows, row => view._rows[row]);
        }
        else
        {
            _source = source;
            _rows = rows;
        }
    }

    /// <inheritdoc/>
    internal override bool TryLocate(Span<nint> addresses)
    {
        nint[] all = new nint[_source.Count];
        if (!_source.TryLocate(all))
            return false;
        for (int i = 0; i < _rows.Length; i++)
            addresses[i] = all[_rows[i]];
        return true;
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        Span<int> rows = stackalloc int[Math.Min(RowsAtATime, indices.Length)];
        while (!indices.IsEmpty)
        {
            int count = Math.Min(rows.Length, indices.Length);
            for (int i = 0; i < count; i++)
                rows[i] = _rows[indices[i]];
            int values = count * SampleShape.Count;
            _source.Read(rows[..count], destination[..values]);
            indices = indices[count..];
            destination = destination[values..];
        }
    }
}
