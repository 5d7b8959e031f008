using System.IO.Compression;

namespace Skiptune.Data;

/// <summary>Inflates the rows of a PNG image and undoes their filters.</summary>
internal static class PngPixels
{
    /// <summary>The pixels as stored, row by row.</summary>
    public static byte[] Decode(Stream compressed, PngHeader header, string name)
    {
        int stride = header.Stride;
        byte[] pixels = new byte[stride * header.Stored.Height];
        byte[] filter = new byte[1];
        ReadOnlySpan<byte> above = new byte[stride];
        using ZLibStream rows = new(compressed, CompressionMode.Decompress);
        for (int y = 0; y < header.Stored.Height; y++)
        {
            Span<byte> row = pixels.AsSpan(y * stride, stride);
            int got = rows.ReadAtLeast(filter, 1, throwOnEndOfStream: false);
            if (got == 0 || rows.ReadAtLeast(row, stride, throwOnEndOfStream: false) < stride)
                throw ErrorText.Of(name, $"ends in row {y} of {header.Stored.Height}; copy the file again");
            Undo(filter[0], row, above, header.Stored.Channels, name);
            above = row;
        }
        return rows.ReadAtLeast(filter, 1, throwOnEndOfStream: false) == 0
            ? pixels
            : throw ErrorText.Of(name, $"goes on after its {header.Stored.Height} rows; copy the file again");
    }

    private static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step, string name)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = step; i < row.Length; i++)
                    row[i] += row[i - step];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) / 2);
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                    row[i] += i < step ? above[i] : Paeth(row[i - step], above[i], above[i - step]);
                break;
            default:
                throw ErrorText.Of(name, $"has a row with the filter {filter}, which PNG does not know; copy the file again");
        }
    }

    // Whichever of the three is nearest to left + up - corner; ties in this order.
    private static byte Paeth(byte left, byte up, byte corner)
    {
        int byLeft = Math.Abs(up - corner);
        int byUp = Math.Abs(left - corner);
        int byCorner = Math.Abs(left + up - 2 * corner);
        return byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner;
    }
}
