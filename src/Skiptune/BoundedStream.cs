namespace Skiptune;

/// <summary>Reads a stream of unknown length without trusting it.</summary>
internal static class BoundedStream
{
    private const int FirstGuess = 64 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="maxBytes">More than this is an error.</param>
    /// <param name="fileName">The name in errors.</param>
    /// <exception cref="SkiptuneException">The stream is longer than allowed or cannot be read.</exception>
    public static byte[] ReadToEnd(Stream stream, int maxBytes, string fileName)
    {
        try
        {
            long left = stream.CanSeek ? stream.Length - stream.Position : FirstGuess;
            if (stream.CanSeek && left > maxBytes)
                throw TooLarge(fileName, maxBytes);
            byte[] buffer = new byte[Math.Clamp(left, 0, maxBytes)];
            int filled = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            // A stream may be longer than it said: go on until it ends.
            while (filled == buffer.Length)
            {
                int next = stream.ReadByte();
                if (next < 0)
                    return buffer;
                if (filled >= maxBytes)
                    throw TooLarge(fileName, maxBytes);
                Array.Resize(ref buffer, (int)Math.Min(maxBytes, Math.Max(FirstGuess, 2L * filled)));
                buffer[filled++] = (byte)next;
                filled += stream.ReadAtLeast(buffer.AsSpan(filled), buffer.Length - filled, throwOnEndOfStream: false);
            }
            return buffer[..filled];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ObjectDisposedException)
        {
            throw ErrorText.Of(fileName, $"cannot be read ({e.Message})", e);
        }
    }

    private static SkiptuneException TooLarge(string fileName, int maxBytes) =>
        ErrorText.Of(fileName, $"has more than the {maxBytes} bytes allowed here; use a smaller file");
}
