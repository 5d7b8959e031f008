using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Skiptune.Tests.Data;

/// <summary>Writes PNG files straight from the standard, with any filter in any row, and what no writer would write.</summary>
internal static class PngWriter
{
    private static readonly byte[] s_signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Write(int width, int height, int colour, byte[] pixels, Func<int, int>? filterOf = null, byte[]? palette = null, int depth = 8, int interlace = 0)
    {
        int channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] data = Compress(Filter(pixels, width * channels, channels, filterOf ?? (_ => 0)));
        // In two chunks, as a decoder must take any number.
        byte[] header = Header(width, height, depth, colour, interlace);
        byte[] paletteChunk = palette is null ? [] : Chunk("PLTE", palette);
        return [.. s_signature, .. header, .. Chunk("tEXt", "Comment\0none"u8.ToArray()), .. paletteChunk, .. Chunk("IDAT", data[..5]), .. Chunk("IDAT", data[5..]), .. Chunk("IEND", [])];
    }

    /// <summary>A grey image that claims another size.</summary>
    public static byte[] WithSize(byte[] file, int width, int height) => [.. file[..8], .. Header(width, height, 8, 0, 0), .. file[33..]];

    public static byte[] Header(int width, int height, int depth, int colour, int interlace)
    {
        byte[] content = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(content, width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), height);
        (content[8], content[9], content[12]) = ((byte)depth, (byte)colour, (byte)interlace);
        return Chunk("IHDR", content);
    }

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(type), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Crc(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    /// <summary>Makes every checksum right again, so that damage reaches what lies behind them.</summary>
    public static byte[] Mend(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12)
                break;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), Crc(file.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
        return file;
    }

    private static byte[] Compress(byte[] rows)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(rows);
        return stream.ToArray();
    }

    private static byte[] Filter(byte[] pixels, int stride, int step, Func<int, int> filterOf)
    {
        List<byte> rows = [];
        for (int y = 0; y * stride < pixels.Length; y++)
        {
            int filter = filterOf(y);
            rows.Add((byte)filter);
            for (int x = 0; x < stride; x++)
            {
                int left = x < step ? 0 : pixels[y * stride + x - step];
                int up = y == 0 ? 0 : pixels[(y - 1) * stride + x];
                int corner = x < step || y == 0 ? 0 : pixels[(y - 1) * stride + x - step];
                int guess = filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, 4 => Paeth(left, up, corner), _ => 0 };
                rows.Add((byte)(pixels[y * stride + x] - guess));
            }
        }
        return [.. rows];
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c;
        (int pa, int pb, int pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    // Bit by bit, so that it shares nothing with the library's table.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
