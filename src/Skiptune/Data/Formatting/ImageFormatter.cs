using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Makes images of any size into those a model takes. Immutable; safe for concurrent callers.</summary>
internal sealed class ImageFormatter
{
    /// <summary>The most pixels of a side that can be asked for.</summary>
    private const int LongestSide = 1 << 15;

    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly bool _channelsLast;
    private readonly Normalization _normalization;

    /// <summary>Checks the format.</summary>
    /// <param name="format">What is asked for.</param>
    /// <param name="stored">Channels x height x width of the images, where the format leaves them open.</param>
    public ImageFormatter(SampleFormat format, Shape stored)
    {
        _channels = format.Channels ?? stored[0];
        _height = format.Height ?? stored[1];
        _width = format.Width ?? stored[2];
        if (format.Channels is not (null or 1 or 3) && format.Channels != stored[0])
            throw new SkiptuneException($"images with {format.Channels} channels cannot be made of ones with {stored[0]}; ask for 1 or 3");
        if (_height is < 1 or > LongestSide || _width is < 1 or > LongestSide || (long)_channels * _height * _width > Shape.MaxElements)
            throw new SkiptuneException($"images of {_channels}x{_height}x{_width} are not possible; ask for a height and a width of 1 to {LongestSide}");
        CheckChannels(stored[0]);
        _channelsLast = format.Layout == ImageLayout.Nhwc;
        _normalization = new Normalization(format, _channels, "channels");
        SampleShape = _channelsLast ? new Shape(_height, _width, _channels) : new Shape(_channels, _height, _width);
    }

    /// <summary>The extents of what comes out.</summary>
    public Shape SampleShape { get; }

    /// <summary>Throws unless images with so many channels can be made into those asked for.</summary>
    public void CheckChannels(int stored)
    {
        if (stored != _channels && (stored, _channels) is not ((1, 3) or (3, 1)))
            throw new SkiptuneException($"images with {stored} channels cannot become images with {_channels}; only grey (1) and colour (3) can be converted");
    }

    /// <summary>Makes one image.</summary>
    /// <param name="source">Channels x height x width; overwritten on the way.</param>
    /// <param name="stored">Its extents.</param>
    /// <param name="destination">As many values as <see cref="SampleShape"/> has.</param>
    public void Write(Span<float> source, Shape stored, Span<float> destination)
    {
        (int channels, int height, int width) = (stored[0], stored[1], stored[2]);
        CheckChannels(channels);
        if (channels == 3 && _channels == 1)
            ToGrey(source, height * width);
        int pixels = _height * _width;
        for (int channel = 0; channel < _channels; channel++)
        {
            // Grey to colour: every channel reads the only plane.
            Span<float> plane = source.Slice((channels == 1 ? 0 : channel) * height * width, height * width);
            (int start, int step) = _channelsLast ? (channel, _channels) : (channel * pixels, 1);
            if (height == _height && width == _width)
                CopyPlane(plane, destination[start..], step);
            else
                ResizePlane(plane, height, width, destination[start..], step);
            Normalize(destination[start..], step, pixels, channel);
        }
    }

    private void Normalize(Span<float> destination, int step, int pixels, int channel)
    {
        if (_normalization.IsIdentity)
            return;
        for (int i = 0, at = 0; i < pixels; i++, at += step)
            destination[at] = _normalization.Apply(destination[at], channel);
    }

    private static void ToGrey(Span<float> planes, int pixels)
    {
        for (int i = 0; i < pixels; i++)
            planes[i] = 0.299f * planes[i] + 0.587f * planes[pixels + i] + 0.114f * planes[2 * pixels + i];
    }

    private static void CopyPlane(ReadOnlySpan<float> plane, Span<float> destination, int step)
    {
        for (int i = 0, at = 0; i < plane.Length; i++, at += step)
            destination[at] = plane[i];
    }

    private void ResizePlane(ReadOnlySpan<float> plane, int height, int width, Span<float> destination, int step)
    {
        float scaleY = (float)height / _height;
        float scaleX = (float)width / _width;
        int at = 0;
        for (int y = 0; y < _height; y++)
        {
            (int top, int bottom, float down) = Between(y, scaleY, height);
            ReadOnlySpan<float> upper = plane.Slice(top * width, width);
            ReadOnlySpan<float> lower = plane.Slice(bottom * width, width);
            for (int x = 0; x < _width; x++, at += step)
            {
                (int left, int right, float across) = Between(x, scaleX, width);
                float above = upper[left] + (upper[right] - upper[left]) * across;
                float below = lower[left] + (lower[right] - lower[left]) * across;
                destination[at] = above + (below - above) * down;
            }
        }
    }

    // The two source pixels beside an output pixel's centre, and how far it is from the first to the second.
    private static (int First, int Second, float Part) Between(int output, float scale, int extent)
    {
        float source = Math.Max(0, (output + 0.5f) * scale - 0.5f);
        int first = Math.Min((int)source, extent - 1);
        return (first, Math.Min(first + 1, extent - 1), source - first);
    }
}
