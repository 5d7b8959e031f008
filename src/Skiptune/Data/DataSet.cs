using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Samples of one shape and what is known of them: at least one, read in any order. A data set never changes, so any
/// number of threads may read it at once.
/// </summary>
public abstract class DataSet
{
    /// <summary>Creates the common part of samples with classes.</summary>
    /// <param name="sampleShape">The extents of one sample, without the batch axis; at least one element.</param>
    /// <param name="labels">One class for each sample, 0 .. <paramref name="classCount"/> - 1; copied.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="SkiptuneException">There is no sample, a sample has no values, or a label is out of range.</exception>
    protected DataSet(Shape sampleShape, ReadOnlySpan<int> labels, int classCount)
        : this(sampleShape, Targets.Classes(labels, classCount))
    {
    }

    /// <summary>Creates the common part.</summary>
    /// <param name="sampleShape">The extents of one sample, without the batch axis; at least one element.</param>
    /// <param name="targets">What is known of each sample; says how many there are.</param>
    /// <exception cref="SkiptuneException">There is no sample, or a sample has no values.</exception>
    protected DataSet(Shape sampleShape, Targets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count < 1)
            throw new SkiptuneException("a data set needs at least one sample");
        if (sampleShape.Count == 0)
            throw new SkiptuneException($"samples of {sampleShape} hold no values; every extent must be 1 or more");
        SampleShape = sampleShape;
        Targets = targets;
    }

    /// <summary>The number of samples, at least 1.</summary>
    public int Count => Targets.Count;

    /// <summary>The extents of one sample, without the batch axis, such as 1x28x28.</summary>
    public Shape SampleShape { get; }

    /// <summary>What is known of each sample.</summary>
    public Targets Targets { get; }

    /// <summary>The number of classes; labels are 0 .. this - 1. 0 if the data set has no classes.</summary>
    public int ClassCount => Targets.ClassCount;

    /// <summary>The class of each sample, in order; with sequences, of each place of each sample.</summary>
    /// <exception cref="SkiptuneException">The data set has no classes.</exception>
    public ReadOnlySpan<int> Labels => Targets.Kind is TargetKind.Classes or TargetKind.Sequences
        ? Targets.Labels
        : throw new SkiptuneException($"the data set has no classes (its targets are of the kind {Targets.Kind}); use data with a label for each sample");

    /// <summary>The numbers of one sample's target vector; 0 for targets of the kinds None and Classes.</summary>
    public int TargetLength => Targets.Kind == TargetKind.Input ? SampleShape.Count : Targets.Length;

    /// <summary>
    /// Copies samples, row-major, one after the other. Safe for concurrent callers. Sets held in memory allocate
    /// nothing; those that read files as they go use pooled buffers.
    /// </summary>
    /// <param name="indices">Which samples, each 0 .. <see cref="Count"/> - 1, in any order, repeats allowed.</param>
    /// <param name="destination">Exactly as many values as those samples have.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a sample's.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="SkiptuneException">The set reads files as it goes, and one is damaged, gone or not what it was.</exception>
    public void Read(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (destination.Length != (long)indices.Length * SampleShape.Count)
            throw new ArgumentException($"{indices.Length} samples of {SampleShape} do not fill {destination.Length} values", nameof(destination));
        CheckIndices(indices);
        ReadSamples(indices, destination);
    }

    /// <summary>
    /// Copies the target vectors of samples, one after the other: those of the kind Values, or the samples themselves
    /// for the kind Input. Safe for concurrent callers.
    /// </summary>
    /// <param name="indices">Which samples, each 0 .. <see cref="Count"/> - 1, in any order, repeats allowed.</param>
    /// <param name="destination">Exactly <see cref="TargetLength"/> values for each.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a sample's.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="SkiptuneException">The data set has no target vectors, or a file could not be read.</exception>
    public void ReadTargets(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (Targets.Kind == TargetKind.Input)
        {
            Read(indices, destination);
            return;
        }
        if (Targets.Kind != TargetKind.Values)
            throw new SkiptuneException($"the data set has no target vectors (its targets are of the kind {Targets.Kind}); use data with numbers to learn, or the samples themselves");
        int length = Targets.Length;
        if (destination.Length != (long)indices.Length * length)
            throw new ArgumentException($"{indices.Length} targets of {length} do not fill {destination.Length} values", nameof(destination));
        CheckIndices(indices);
        for (int i = 0; i < indices.Length; i++)
            Targets.ValuesOf(indices[i]).CopyTo(destination[(i * length)..]);
    }

    /// <summary>Copies samples; the arguments are already checked. Must allow concurrent callers, and should not allocate.</summary>
    /// <param name="indices">Which samples, each 0 .. <see cref="Count"/> - 1.</param>
    /// <param name="destination">Exactly as many values as those samples have.</param>
    protected abstract void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination);

    /// <summary>
    /// Tells where the values of each sample lie, in float32 one behind the other, for as long as the data set is kept.
    /// </summary>
    /// <param name="addresses">One for each sample.</param>
    /// <returns>False if they do not lie anywhere in that form; they must then be read.</returns>
    internal virtual bool TryLocate(Span<nint> addresses) => false;

    /// <summary>The same samples with other targets, as a view that shares the values.</summary>
    /// <param name="targets">As many as there are samples.</param>
    /// <exception cref="SkiptuneException">There are more or fewer.</exception>
    public DataSet WithTargets(Targets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.Count == Count
            ? new RetargetedDataSet(this, targets)
            : throw new SkiptuneException($"{Count} samples and {targets.Count} targets do not match; give one target for each sample");
    }

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

    private void CheckIndices(ReadOnlySpan<int> indices)
    {
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index, $"the data set has {Count} samples");
        }
    }
}
