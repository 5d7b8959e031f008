using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Labelled samples of one shape: at least one, read in any order. A data set never changes, so any number of
/// threads may read it at once.
/// </summary>
public abstract class DataSet
{
    private readonly int[] _labels;

    /// <summary>Creates the common part.</summary>
    /// <param name="sampleShape">The extents of one sample, without the batch axis; at least one element.</param>
    /// <param name="labels">One class for each sample, 0 .. <paramref name="classCount"/> - 1; copied.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="SkiptuneException">There is no sample, a sample has no values, or a label is out of range.</exception>
    protected DataSet(Shape sampleShape, ReadOnlySpan<int> labels, int classCount)
    {
        if (labels.IsEmpty)
            throw new SkiptuneException("a data set needs at least one sample");
        if (sampleShape.Count == 0)
            throw new SkiptuneException($"samples of {sampleShape} hold no values; every extent must be 1 or more");
        LabelCheck.Run("the data set", labels, classCount);
        SampleShape = sampleShape;
        ClassCount = classCount;
        _labels = labels.ToArray();
    }

    /// <summary>The number of samples, at least 1.</summary>
    public int Count => _labels.Length;

    /// <summary>The extents of one sample, without the batch axis, such as 1x28x28.</summary>
    public Shape SampleShape { get; }

    /// <summary>The number of classes; labels are 0 .. this - 1.</summary>
    public int ClassCount { get; }

    /// <summary>The class of each sample, in order.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Copies samples, row-major, one after the other. Allocates nothing; safe for concurrent callers.</summary>
    /// <param name="indices">Which samples, each 0 .. <see cref="Count"/> - 1, in any order, repeats allowed.</param>
    /// <param name="destination">Exactly as many values as those samples have.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a sample's.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void Read(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (destination.Length != (long)indices.Length * SampleShape.Count)
            throw new ArgumentException($"{indices.Length} samples of {SampleShape} do not fill {destination.Length} values", nameof(destination));
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"the data set has {Count} samples");
        }
        ReadSamples(indices, destination);
    }

    /// <summary>Copies samples; the arguments are already checked. Must not allocate and must allow concurrent callers.</summary>
    /// <param name="indices">Which samples, each 0 .. <see cref="Count"/> - 1.</param>
    /// <param name="destination">Exactly as many values as those samples have.</param>
    protected abstract void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination);

    /// <summary>The first samples, as a view that shares the values.</summary>
    /// <param name="count">How many, 1 .. <see cref="Count"/>.</param>
    /// <exception cref="SkiptuneException">The data set does not have that many, or the count is below 1.</exception>
    public DataSet Take(int count) => Slice(0, count);

    /// <summary>A range of samples, as a view that shares the values.</summary>
    /// <param name="first">The first sample, 0 .. <see cref="Count"/> - 1.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="SkiptuneException">The range is empty or leaves the data set.</exception>
    public DataSet Slice(int first, int count)
    {
        if (first < 0 || count < 1 || (long)first + count > Count)
            throw new SkiptuneException($"cannot take {count} samples from number {first} on: the data set has {Count}");
        int[] rows = new int[count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = first + i;
        return new DataSetView(this, rows);
    }

    /// <summary>Some samples in the given order, as a view that shares the values.</summary>
    /// <param name="indices">Which, each 0 .. <see cref="Count"/> - 1; at least one; repeats allowed; copied.</param>
    /// <exception cref="SkiptuneException">There is no index, or one is not a sample's.</exception>
    public DataSet Select(ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
                throw new SkiptuneException($"cannot select sample {indices[i]} (entry {i} of the list): the data set has the samples 0..{Count - 1}");
        }
        return new DataSetView(this, indices.ToArray());
    }
}
