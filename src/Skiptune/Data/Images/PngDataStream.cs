namespace Skiptune.Data;

/// <summary>The contents of a PNG file's data chunks as one stream, without a copy of them.</summary>
internal sealed class PngDataStream(byte[] file, List<PngChunk> chunks) : Stream
{
    private int _chunk;
    private int _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (_chunk < chunks.Count && _read == chunks[_chunk].Length)
        {
            _chunk++;
            _read = 0;
        }
        if (_chunk == chunks.Count)
            return 0;
        int count = Math.Min(buffer.Length, chunks[_chunk].Length - _read);
        file.AsSpan(chunks[_chunk].Start + _read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
