using System.Buffers;
using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Another data set's samples in the format a model takes, made as they are read.</summary>
internal sealed class FormattedDataSet : DataSet
{
    private readonly DataSet _source;

    // The extents of an image before it is formatted.
    private readonly Shape _stored;

    // Null for samples that are no images or stay as they are but for their values.
    private readonly ImageFormatter? _images;
    private readonly Normalization? _values;

    public FormattedDataSet(DataSet source, SampleFormat format)
        : this(source, format, Reshaped(source.SampleShape, format))
    {
    }

    private FormattedDataSet(DataSet source, SampleFormat format, Shape stored)
        : this(source, format, stored, stored.Rank == 3 ? new ImageFormatter(format, stored) : null)
    {
    }

    private FormattedDataSet(DataSet source, SampleFormat format, Shape stored, ImageFormatter? images)
        : base(images?.SampleShape ?? stored, source.Targets)
    {
        if (images is null && format.NeedsImages)
            throw new SkiptuneException($"channels, height, width and layout are for images, but samples of {stored} are none; give a shape of 3 axes (channels x height x width) or leave them out");
        _source = source;
        _stored = stored;
        _images = images;
        _values = images is null ? new Normalization(format, stored.Count, "values") : null;
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (_images is null)
            ReadValues(indices, destination);
        else
            ReadImages(_images, indices, destination);
    }

    private void ReadValues(ReadOnlySpan<int> indices, Span<float> destination)
    {
        _source.Read(indices, destination);
        if (_values!.IsIdentity)
            return;
        int length = SampleShape.Count;
        for (int i = 0; i < destination.Length; i++)
            destination[i] = _values.Apply(destination[i], i % length);
    }

    private void ReadImages(ImageFormatter images, ReadOnlySpan<int> indices, Span<float> destination)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(_stored.Count);
        try
        {
            Span<float> source = buffer.AsSpan(0, _stored.Count);
            int length = SampleShape.Count;
            for (int i = 0; i < indices.Length; i++)
            {
                _source.Read(indices.Slice(i, 1), source);
                images.Write(source, _stored, destination.Slice(i * length, length));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static Shape Reshaped(Shape stored, SampleFormat format)
    {
        if (format.Shape is not { } shape)
            return stored;
        return shape.Count == stored.Count
            ? shape
            : throw new SkiptuneException($"samples of {stored} have {stored.Count} values and cannot be seen as {shape}, which has {shape.Count}; give extents whose product is {stored.Count}");
    }
}
