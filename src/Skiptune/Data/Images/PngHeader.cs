namespace Skiptune.Data;

/// <summary>What the first part of a PNG file says.</summary>
/// <param name="Stored">The extents with the channels as stored: 1 for a palette's indices.</param>
/// <param name="Palette">Whether the pixels are indices into a palette.</param>
internal readonly record struct PngHeader(ImageSize Stored, bool Palette)
{
    /// <summary>The extents of the image: a palette has colours.</summary>
    public ImageSize Size => Palette ? Stored with { Channels = 3 } : Stored;

    /// <summary>The bytes of a row, without the filter's.</summary>
    public int Stride => Stored.Width * Stored.Channels;
}
