namespace Skiptune.Data;

/// <summary>Reads another stream and keeps the CRC-32 of what came, which ZipArchive does not compare.</summary>
internal sealed class ChecksumStream(Stream source) : Stream
{
    /// <summary>The checksum so far.</summary>
    public uint Checksum { get; private set; }

    /// <summary>Throws unless the checksum is the one that is stated.</summary>
    /// <exception cref="SkiptuneException">It is another.</exception>
    public void Check(uint stated, string name)
    {
        if (Checksum != stated)
            throw ErrorText.Of(name, "its checksum differs from its bytes; download or copy the file again");
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        int read = source.Read(buffer);
        Checksum = Crc32.Of(buffer[..read], Checksum);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
