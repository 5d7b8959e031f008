using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>
/// Turns the content of images counter-clockwise, as seen on a screen, about their centre ((width-1)/2,
/// (height-1)/2): each output pixel (x, y) reads the source at
/// sx = cx + cos·(x-cx) - sin·(y-cy), sy = cy + sin·(x-cx) + cos·(y-cy), bilinearly; what lies outside is 0.
/// Coordinates are float64; weights and sums float32.
/// </summary>
/// <remarks>Immutable once made: the pixels to read and their weights are computed once for all images.</remarks>
public sealed class Rotation
{
    private const int Neighbours = 4;

    /// <summary>For each output pixel its four source pixels, or -1 for one that lies outside.</summary>
    private readonly int[] _sources;

    private readonly float[] _weights;

    /// <summary>Prepares a rotation.</summary>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="degrees">The angle, counter-clockwise; any finite number.</param>
    /// <exception cref="SkiptuneException">An extent is below 1, the image is too large, or the angle is not finite.</exception>
    public Rotation(int height, int width, double degrees)
    {
        if (height < 1 || width < 1 || (long)height * width > Shape.MaxElements / Neighbours)
            throw new SkiptuneException($"images of {height}x{width} cannot be rotated; give 1 to {Shape.MaxElements / Neighbours} pixels");
        if (!double.IsFinite(degrees))
            throw new SkiptuneException($"an angle of {degrees} degrees is not possible; give a finite number");
        Height = height;
        Width = width;
        Degrees = degrees;
        _sources = new int[height * width * Neighbours];
        _weights = new float[_sources.Length];
        Prepare();
    }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The angle in degrees, counter-clockwise.</summary>
    public double Degrees { get; }

    /// <summary>Rotates planes of height x width, one after the other. Allocates nothing; safe for concurrent callers.</summary>
    /// <param name="source">Any number of planes (images times channels), row-major.</param>
    /// <param name="destination">As many values; must not overlap the source.</param>
    /// <exception cref="ArgumentException">The lengths differ, are not whole planes, or the spans overlap.</exception>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination)
    {
        int pixels = Height * Width;
        if (source.Length != destination.Length || source.Length % pixels != 0)
            throw new ArgumentException($"{source.Length} values cannot be rotated into {destination.Length} as planes of {Height}x{Width}", nameof(destination));
        if (source.Overlaps(destination))
            throw new ArgumentException("an image cannot be rotated in place", nameof(destination));
        for (int start = 0; start < source.Length; start += pixels)
            ApplyToPlane(source.Slice(start, pixels), destination.Slice(start, pixels));
    }

    /// <summary>Rotates a batch of images.</summary>
    /// <param name="images">N x channels x height x width.</param>
    /// <param name="degrees">The angle, counter-clockwise; any finite number.</param>
    /// <returns>A new tensor of the same shape.</returns>
    /// <exception cref="SkiptuneException">The tensor has other axes, or the angle is not finite.</exception>
    public static Tensor Rotate(Tensor images, double degrees)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Shape.Rank != 4)
            throw new SkiptuneException($"a tensor of {images.Shape} cannot be rotated; give count x channels x height x width");
        Tensor rotated = new(images.Shape);
        new Rotation(images.Shape[2], images.Shape[3], degrees).Apply(images.Span, rotated.Span);
        return rotated;
    }

    /// <summary>Rotates all samples of a data set.</summary>
    /// <param name="images">Samples of channels x height x width.</param>
    /// <param name="degrees">The angle, counter-clockwise; any finite number.</param>
    /// <returns>A data set in memory, four bytes a value, with the same labels and classes.</returns>
    /// <exception cref="SkiptuneException">The samples have other axes, are too many for one tensor, or the angle is not finite.</exception>
    public static DataSet Rotate(DataSet images, double degrees)
    {
        ArgumentNullException.ThrowIfNull(images);
        Shape sample = images.SampleShape;
        if (sample.Rank != 3)
            throw new SkiptuneException($"samples of {sample} cannot be rotated; give channels x height x width");
        if ((long)images.Count * sample.Count > Shape.MaxElements)
            throw new SkiptuneException($"{images.Count} samples of {sample} are too many to rotate at once; take fewer");
        Rotation rotation = new(sample[1], sample[2], degrees);
        Tensor rotated = new(sample.Prepend(images.Count));
        float[] original = new float[sample.Count];
        for (int i = 0; i < images.Count; i++)
        {
            images.Read([i], original);
            rotation.Apply(original, rotated.Rows(i, 1).Span);
        }
        return new TensorDataSet(rotated, images.Targets);
    }

    private void Prepare()
    {
        (double sin, double cos) = (Math.Sin(Degrees * (Math.PI / 180)), Math.Cos(Degrees * (Math.PI / 180)));
        double centreX = (Width - 1) / 2.0;
        double centreY = (Height - 1) / 2.0;
        int at = 0;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                double sourceX = centreX + cos * (x - centreX) - sin * (y - centreY);
                double sourceY = centreY + sin * (x - centreX) + cos * (y - centreY);
                PreparePixel(at, sourceX, sourceY);
                at += Neighbours;
            }
        }
    }

    private void PreparePixel(int at, double sourceX, double sourceY)
    {
        int left = (int)Math.Floor(sourceX);
        int top = (int)Math.Floor(sourceY);
        double right = sourceX - left;
        double below = sourceY - top;
        for (int neighbour = 0; neighbour < Neighbours; neighbour++)
        {
            (int dy, int dx) = (neighbour / 2, neighbour % 2);
            (int x, int y) = (left + dx, top + dy);
            bool inside = (uint)x < (uint)Width && (uint)y < (uint)Height;
            _sources[at + neighbour] = inside ? y * Width + x : -1;
            _weights[at + neighbour] = (float)((dx == 1 ? right : 1 - right) * (dy == 1 ? below : 1 - below));
        }
    }

    private void ApplyToPlane(ReadOnlySpan<float> source, Span<float> destination)
    {
        for (int pixel = 0; pixel < destination.Length; pixel++)
        {
            float sum = 0;
            for (int i = pixel * Neighbours; i < (pixel + 1) * Neighbours; i++)
            {
                if (_sources[i] >= 0)
                    sum += source[_sources[i]] * _weights[i];
            }
            destination[pixel] = sum;
        }
    }
}
