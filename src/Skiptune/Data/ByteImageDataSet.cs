using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Images held as bytes and read as value / 255, so that 60,000 images of 28x28 take 47 MB and not 188 MB.
/// </summary>
public sealed class ByteImageDataSet : DataSet
{
    private readonly ReadOnlyMemory<byte> _pixels;

    /// <summary>Creates the data set over the memory, which must not change from then on.</summary>
    /// <param name="pixels">The images one after the other, row-major, each value 0 .. 255.</param>
    /// <param name="imageShape">The extents of one image, channels x height x width.</param>
    /// <param name="labels">One class for each image, 0 .. <paramref name="classCount"/> - 1; copied.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="SkiptuneException">There is no image, the counts differ, or a label is out of range.</exception>
    public ByteImageDataSet(ReadOnlyMemory<byte> pixels, Shape imageShape, ReadOnlySpan<int> labels, int classCount)
        : this(pixels, imageShape, Targets.Classes(labels, classCount))
    {
    }

    /// <summary>Creates the data set over the memory, which must not change from then on.</summary>
    /// <param name="pixels">The images one after the other, row-major, each value 0 .. 255.</param>
    /// <param name="imageShape">The extents of one image, channels x height x width.</param>
    /// <param name="targets">What is known of each image.</param>
    /// <exception cref="SkiptuneException">There is no image, or the counts differ.</exception>
    public ByteImageDataSet(ReadOnlyMemory<byte> pixels, Shape imageShape, Targets targets)
        : base(imageShape, targets)
    {
        if (pixels.Length != (long)Count * imageShape.Count)
            throw new SkiptuneException($"{Count} images of {imageShape} do not have {pixels.Length} bytes; give one label for each image");
        _pixels = pixels;
    }

    /// <summary>Loads a pair of IDX files, plain or gzip, in the layout of MNIST.</summary>
    /// <param name="imagesPath">N x height x width bytes (one channel), or N x channels x height x width.</param>
    /// <param name="labelsPath">N bytes, each below <paramref name="classCount"/>.</param>
    /// <param name="classCount">The number of classes, 1 .. 256; default 10.</param>
    /// <param name="maxBytes">The most values the image file may promise; default <see cref="IdxFile.MaxBytes"/>.</param>
    /// <returns>Images of channels x height x width.</returns>
    /// <exception cref="SkiptuneException">A file cannot be read, is damaged, or does not fit the other.</exception>
    public static ByteImageDataSet FromIdx(string imagesPath, string labelsPath, int classCount = 10, int maxBytes = IdxFile.MaxBytes)
    {
        IdxFile images = IdxFile.Read(imagesPath, maxBytes);
        Shape image = IdxPair.ImageShape(imagesPath, images.Shape.Extents.AsSpan());
        return new ByteImageDataSet(images.Values, image, IdxPair.Labels(labelsPath, imagesPath, images.Shape[0], classCount, maxBytes));
    }

    /// <inheritdoc/>
    protected override void ReadSamples(ReadOnlySpan<int> indices, Span<float> destination)
    {
        int length = SampleShape.Count;
        ReadOnlySpan<byte> pixels = _pixels.Span;
        for (int i = 0; i < indices.Length; i++)
            UnitPixels.Convert(pixels.Slice(indices[i] * length, length), destination.Slice(i * length, length));
    }
}
