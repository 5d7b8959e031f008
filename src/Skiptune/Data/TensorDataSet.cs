using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Samples held in memory as float32.</summary>
public sealed class TensorDataSet : DataSet
{
    private readonly Tensor _samples;

    /// <summary>Creates the data set over the tensor's memory, which must not change from then on.</summary>
    /// <param name="samples">N x sample shape, N at least 1; every value finite.</param>
    /// <param name="labels">N classes, 0 .. <paramref name="classCount"/> - 1; copied.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="SkiptuneException">
    /// There is no sample, the counts differ, a label is out of range, or a value is NaN or infinite.
    /// </exception>
    public TensorDataSet(Tensor samples, ReadOnlySpan<int> labels, int classCount)
        : this(samples, CheckedTargets(samples, labels, classCount))
    {
    }

    /// <summary>Creates the data set over the tensor's memory, which must not change from then on.</summary>
    /// <param name="samples">N x sample shape, N at least 1; every value finite.</param>
    /// <param name="targets">What is known of the N samples.</param>
    /// <exception cref="SkiptuneException">There is no sample, the counts differ, or a value is NaN or infinite.</exception>
    public TensorDataSet(Tensor samples, Targets targets)
        : base(SampleShapeOf(samples, targets?.Count ?? 0), targets!)
    {
        for (int row = 0; row < Count; row++)
        {
            if (!samples.Rows(row, 1).IsFinite())
                throw new SkiptuneException($"the data set: row {row} has a value that is NaN or infinite; clean the data before use");
        }
        _samples = samples;
    }

    /// <inheritdoc/>
    internal override bool TryLocate(Span<nint> addresses)
    {
        for (int i = 0; i < addresses.Length; i++)
            addresses[i] = _samples.Address + (nint)i * SampleShape.Count * sizeof(float);
        return true;
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        ReadOnlySpan<float> values = _samples.Span;
        for (int i = 0; i < indices.Length; i++)
            values.Slice(indices[i] * length, length).CopyTo(destination[(i * length)..]);
    }

    // The counts are compared before the labels are looked at: the first thing wrong is the first thing said.
    private static Targets CheckedTargets(Tensor samples, ReadOnlySpan<int> labels, int classCount)
    {
        SampleShapeOf(samples, labels.Length);
        return Targets.Classes(labels, classCount);
    }

    private static Shape SampleShapeOf(Tensor samples, int labels)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Shape.Rank == 0)
            throw new SkiptuneException("a data set needs a batch axis: a scalar tensor has no samples");
        if (samples.Shape[0] != labels)
            throw new SkiptuneException($"{samples.Shape[0]} samples and {labels} labels do not match; give one label for each sample");
        return samples.Shape.Row();
    }
}
