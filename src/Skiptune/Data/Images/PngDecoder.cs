using System.Buffers.Binary;

namespace Skiptune.Data;

/// <summary>Decodes PNG (ISO/IEC 15948) of 8 bits a channel, not interlaced.</summary>
internal static class PngDecoder
{
    private const int ColourPalette = 3;

    // Length, type and checksum around a chunk's content.
    private const int Frame = 12;

    // Deflate makes at most 1032 bytes of one.
    private const int MostInflation = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Reads the first chunk.</summary>
    public static PngHeader ReadHeader(ReadOnlySpan<byte> file, string name)
    {
        PngChunk chunk = NextChunk(file, Signature.Length, name);
        ReadOnlySpan<byte> content = file.Slice(chunk.Start, chunk.Length);
        if (!chunk.Is("IHDR"u8) || content.Length != 13)
            throw ErrorText.Of(name, "is a PNG file without its header; copy the file again");
        (int depth, int colour) = (content[8], content[9]);
        int channels = colour switch
        {
            0 or ColourPalette => 1,
            2 => 3,
            4 => 2,
            6 => 4,
            _ => throw ErrorText.Of(name, $"has the colour type {colour}, which PNG does not know; copy the file again"),
        };
        if (depth != 8)
            throw ErrorText.Of(name, $"has {depth} bits a channel; only 8 are supported, so save it with 8");
        if (content[10] != 0 || content[11] != 0)
            throw ErrorText.Of(name, "has a compression or filter method that PNG does not know; copy the file again");
        if (content[12] != 0)
            throw ErrorText.Of(name, "is interlaced, which is not supported; save it without interlacing");
        long width = BinaryPrimitives.ReadUInt32BigEndian(content);
        long height = BinaryPrimitives.ReadUInt32BigEndian(content[4..]);
        return new PngHeader(ImageSize.Checked(name, width, height, channels), colour == ColourPalette);
    }

    /// <summary>Decodes a whole file.</summary>
    public static ByteImage Decode(byte[] file, string name)
    {
        PngHeader header = ReadHeader(file, name);
        List<PngChunk> data = [];
        PngChunk palette = default;
        long compressed = 0;
        for (int at = Signature.Length; ;)
        {
            PngChunk chunk = NextChunk(file, at, name);
            at = chunk.Start + chunk.Length + 4;
            if (chunk.Is("IEND"u8))
                break;
            if (chunk.Is("PLTE"u8))
                palette = chunk;
            else if (chunk.Is("IDAT"u8))
            {
                data.Add(chunk);
                compressed += chunk.Length;
            }
            else if (chunk.IsCritical && !chunk.Is("IHDR"u8))
                throw ErrorText.Of(name, "has a part that this decoder does not know and that must not be left out; save it as an ordinary PNG");
        }
        // Asked before anything is allocated for the pixels.
        if ((header.Stride + 1L) * header.Stored.Height > MostInflation * compressed)
            throw ErrorText.Of(name, $"promises {header.Size.Width}x{header.Size.Height} pixels, but has only {compressed} bytes for them; copy the file again");
        byte[] pixels = PngPixels.Decode(new PngDataStream(file, data), header, name);
        return new ByteImage(header.Size, header.Palette ? Look(pixels, file.AsSpan(palette.Start, palette.Length), name) : pixels);
    }

    private static PngChunk NextChunk(ReadOnlySpan<byte> file, int at, string name)
    {
        if (file.Length - at < Frame)
            throw ErrorText.Of(name, "ends before its end is marked; copy the file again");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - Frame)
            throw ErrorText.Of(name, $"ends inside a part that should have {length} bytes; copy the file again");
        PngChunk chunk = new(at + 8, (int)length, BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]));
        uint stated = BinaryPrimitives.ReadUInt32BigEndian(file[(chunk.Start + chunk.Length)..]);
        // The checksum is over the type and the content.
        return Crc32.Of(file.Slice(at + 4, 4 + chunk.Length)) == stated
            ? chunk
            : throw ErrorText.Of(name, "has a part whose checksum differs from its bytes; copy the file again");
    }

    private static byte[] Look(byte[] indices, ReadOnlySpan<byte> palette, string name)
    {
        if (palette.IsEmpty || palette.Length % 3 != 0 || palette.Length > 3 * 256)
            throw ErrorText.Of(name, $"has a palette of {palette.Length} bytes, but 1 to 256 colours of 3 are needed; save it again");
        byte[] pixels = new byte[3 * indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            int entry = 3 * indices[i];
            if (entry >= palette.Length)
                throw ErrorText.Of(name, $"uses the colour {indices[i]}, but its palette has {palette.Length / 3}; save it again");
            palette.Slice(entry, 3).CopyTo(pixels.AsSpan(3 * i));
        }
        return pixels;
    }
}
