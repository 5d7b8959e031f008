namespace Skiptune.Data;

/// <summary>Reads as many bytes as a header promised, without believing it.</summary>
internal static class PromisedBytes
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>Reads the bytes, which must be followed by the end of the stream.</summary>
    /// <param name="stream">Where to read.</param>
    /// <param name="promised">How many there should be.</param>
    /// <param name="stored">What the file holds; memory grows beyond it only with the bytes that come.</param>
    /// <param name="name">The name in errors.</param>
    public static byte[] Read(Stream stream, int promised, long stored, string name)
    {
        byte[] bytes = new byte[Math.Min(promised, Math.Max(FirstBuffer, stored))];
        int got = 0;
        while (got < promised)
        {
            if (got == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(promised, 2L * bytes.Length));
            int read = stream.Read(bytes, got, bytes.Length - got);
            if (read == 0)
                throw ErrorText.Of(name, $"ends after {got} of the {promised} bytes its header promises; download or copy the file again");
            got += read;
        }
        return stream.ReadByte() < 0
            ? bytes
            : throw ErrorText.Of(name, $"goes on after the {promised} bytes its header promises; download or copy the file again");
    }
}
