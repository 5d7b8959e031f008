namespace Skiptune.Data;

/// <summary>What a PGM or PPM file starts with.</summary>
/// <param name="Size">The extents.</param>
/// <param name="Largest">The value of white, 1 .. 255.</param>
/// <param name="DataOffset">Where the pixels start.</param>
internal readonly record struct PnmHeader(ImageSize Size, int Largest, int DataOffset);

/// <summary>Decodes binary PGM (P5) and PPM (P6) of 8 bits a channel.</summary>
internal static class PnmDecoder
{
    // Far above any extent that is allowed, far below overflow.
    private const int LargestNumber = 100_000_000;

    public static bool IsPnm(ReadOnlySpan<byte> file) => file.Length > 2 && file[0] == 'P' && file[1] is (byte)'5' or (byte)'6' && IsSpace(file[2]);

    /// <summary>Reads the text before the pixels.</summary>
    public static PnmHeader ReadHeader(ReadOnlySpan<byte> file, string name)
    {
        int at = 2;
        long width = Number(file, ref at, name);
        long height = Number(file, ref at, name);
        int largest = Number(file, ref at, name);
        ImageSize size = ImageSize.Checked(name, width, height, file[1] == '5' ? 1 : 3);
        if (largest is < 1 or > 255)
            throw ErrorText.Of(name, $"has values up to {largest}; only 1 to 255 (8 bits) are supported, so save it with 8 bits");
        // Just one space: the next byte may already be a pixel.
        return at < file.Length && IsSpace(file[at]) ? new PnmHeader(size, largest, at + 1) : throw Cut(name);
    }

    /// <summary>Decodes a whole file; values are scaled so that white is 255.</summary>
    public static ByteImage Decode(ReadOnlySpan<byte> file, string name)
    {
        PnmHeader header = ReadHeader(file, name);
        // At most 3 * 2^26.
        int length = header.Size.Channels * header.Size.Width * header.Size.Height;
        if (file.Length - header.DataOffset != length)
            throw ErrorText.Of(name, $"has {file.Length - header.DataOffset} bytes of pixels, but {header.Size.Width}x{header.Size.Height} need {length}; save it as one ordinary image");
        byte[] pixels = file[header.DataOffset..].ToArray();
        if (header.Largest != 255)
            Scale(pixels, header.Largest, name);
        return new ByteImage(header.Size, pixels);
    }

    private static void Scale(byte[] pixels, int largest, string name)
    {
        foreach (ref byte pixel in pixels.AsSpan())
        {
            if (pixel > largest)
                throw ErrorText.Of(name, $"has a value of {pixel}, above the {largest} it calls white; save it again");
            pixel = (byte)((pixel * 255 + largest / 2) / largest);
        }
    }

    private static int Number(ReadOnlySpan<byte> file, ref int at, string name)
    {
        SkipSpace(file, ref at);
        int start = at;
        int number = 0;
        for (; at < file.Length && file[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            number = 10 * number + (file[at] - '0');
            if (number > LargestNumber)
                throw ErrorText.Of(name, "has a number in its header that no image has; copy the file again");
        }
        return at > start ? number : throw Cut(name);
    }

    private static void SkipSpace(ReadOnlySpan<byte> file, ref int at)
    {
        for (; at < file.Length && (IsSpace(file[at]) || file[at] == '#'); at++)
        {
            // A comment ends with its line.
            if (file[at] == '#')
            {
                while (at < file.Length - 1 && file[at] != '\n')
                    at++;
            }
        }
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0B or 0x0C;

    private static SkiptuneException Cut(string name) =>
        ErrorText.Of(name, "has a header without its width, height and largest value; save it as an ordinary binary PGM or PPM");
}
