using Skiptune.Files;

namespace Skiptune.Data;

/// <summary>
/// Reads images of 8 bits a channel: PNG (grey, colour, palette, with or without alpha, not interlaced) and binary PGM
/// and PPM (P5, P6). The first bytes say which, not the name.
/// </summary>
public static class ImageFile
{
    /// <summary>The most bytes an image file may have.</summary>
    public const int MaxBytes = 1 << 28;

    /// <summary>Enough to hold the size of any image: a PNG's is in the first 33 bytes, a PNM's after its comments.</summary>
    private const int HeaderBytes = 4096;

    /// <summary>Whether a file is an image by its name.</summary>
    internal static bool HasImageName(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".PGM" or ".PPM" or ".PNM";

    /// <summary>Reads and decodes a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SkiptuneException">The file cannot be read, is damaged, too large, or another kind of image.</exception>
    public static ByteImage Read(string path)
    {
        byte[] file = BoundedFile.ReadAllBytes(path, MaxBytes);
        return DataFile.Guard(path, () =>
            PngDecoder.IsPng(file) ? PngDecoder.Decode(file, path)
            : PnmDecoder.IsPnm(file) ? PnmDecoder.Decode(file, path)
            : throw Unknown(path));
    }

    /// <summary>The extents of an image, from its first bytes.</summary>
    internal static ImageSize ReadSize(string path) => DataFile.Read(path, stream =>
    {
        byte[] start = new byte[Math.Min(HeaderBytes, stream.Length)];
        stream.ReadExactly(start);
        return PngDecoder.IsPng(start) ? PngDecoder.ReadHeader(start, path).Size
            : PnmDecoder.IsPnm(start) ? PnmDecoder.ReadHeader(start, path).Size
            : throw Unknown(path);
    });

    private static SkiptuneException Unknown(string path) =>
        ErrorText.Of(path, "is neither PNG nor binary PGM or PPM; convert it to PNG");
}
