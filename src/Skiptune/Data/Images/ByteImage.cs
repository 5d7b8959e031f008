using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>A decoded image of 8 bits a channel: grey, grey and alpha, colour, or colour and alpha.</summary>
public sealed class ByteImage
{
    /// <summary>The most rows or columns an image may have.</summary>
    public const int LongestSide = 1 << 15;

    /// <summary>The most pixels an image may have: 64 million.</summary>
    public const int MostPixels = 1 << 26;

    internal ByteImage(ImageSize size, byte[] pixels)
    {
        Size = size;
        Pixels = pixels;
    }

    /// <summary>Columns.</summary>
    public int Width => Size.Width;

    /// <summary>Rows.</summary>
    public int Height => Size.Height;

    /// <summary>1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.</summary>
    public int Channels => Size.Channels;

    /// <summary>Row by row, pixel by pixel, the channels of a pixel side by side.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    internal ImageSize Size { get; }

    /// <summary>The planes as value / 255, channels x height x width. Alpha is left out: colours are taken as stored.</summary>
    internal void CopyPlanes(Span<float> destination)
    {
        ReadOnlySpan<byte> pixels = Pixels.Span;
        int count = Width * Height;
        for (int channel = 0; channel < Size.Planes; channel++)
        {
            Span<float> plane = destination.Slice(channel * count, count);
            for (int i = 0, at = channel; i < count; i++, at += Channels)
                plane[i] = pixels[at] / 255f;
        }
    }
}

/// <summary>The extents of an image as stored.</summary>
internal readonly record struct ImageSize(int Width, int Height, int Channels)
{
    /// <summary>The channels without alpha: 1 or 3.</summary>
    public int Planes => Channels < 3 ? 1 : 3;

    /// <summary>Planes x height x width.</summary>
    public Shape Shape => new(Planes, Height, Width);

    /// <summary>Throws unless an image may have these extents.</summary>
    public static ImageSize Checked(string name, long width, long height, int channels)
    {
        if (width is < 1 or > ByteImage.LongestSide || height is < 1 or > ByteImage.LongestSide || width * height > ByteImage.MostPixels)
            throw ErrorText.Of(name, $"promises {width}x{height} pixels; 1 to {ByteImage.LongestSide} a side and {ByteImage.MostPixels} in all are allowed, so make it smaller");
        return new ImageSize((int)width, (int)height, channels);
    }
}
