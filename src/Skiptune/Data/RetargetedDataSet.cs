namespace Skiptune.Data;

/// <summary>The samples of another data set with targets of their own.</summary>
internal sealed class RetargetedDataSet(DataSet source, Targets targets) : DataSet(source.SampleShape, targets)
{
    // Never a chain: each view would cost a call at each read.
    private readonly DataSet _source = source is RetargetedDataSet view ? view._source : source;

    /// <inheritdoc/>
    internal override bool TryLocate(Span<nint> addresses) => _source.TryLocate(addresses);

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination) => _source.Read(indices, destination);
}
