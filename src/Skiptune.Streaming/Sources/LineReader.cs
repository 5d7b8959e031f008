namespace Skiptune.Streaming.Sources;

/// <summary>A line of a stream.</summary>
/// <param name="Bytes">The line without its end; empty for one that is too long. Valid until the next is read.</param>
/// <param name="Length">Its bytes with its end.</param>
/// <param name="IsTooLong">True if it has more bytes than may be.</param>
/// <param name="IsWhole">False for what stands behind the last line's end.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Bytes, long Length, bool IsTooLong, bool IsWhole);

/// <summary>Cuts a stream into lines, in bounded memory whatever it holds.</summary>
internal sealed class LineReader(Stream stream, int longest)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _skipped; // bytes of a line that is too long

    /// <summary>The next line; what stands behind the last end comes once more if the stream grows. Null at the end.</summary>
    public async ValueTask<Line?> ReadAsync(bool takeRest, CancellationToken cancellationToken)
    {
        int scanned = _start;
        while (true)
        {
            int at = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (at >= 0)
                return Cut(scanned + at, 1);
            scanned = _end;
            if (_end - _start > longest)
            {
                _skipped += _end - _start;
                _start = _end = scanned = 0;
            }
            if (_end == _buffer.Length)
            {
                MakeRoom();
                scanned = _end;
            }
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            if (read == 0)
                return takeRest && (_end > _start || _skipped > 0) ? Cut(_end, 0) : null;
        }
    }

    private Line Cut(int end, int separator)
    {
        ReadOnlyMemory<byte> bytes = _buffer.AsMemory(_start, end - _start);
        Line line = _skipped > 0 || bytes.Length > longest
            ? new Line(default, _skipped + bytes.Length + separator, IsTooLong: true, separator > 0)
            : new Line(bytes, bytes.Length + separator, IsTooLong: false, separator > 0);
        _start = end + separator;
        _skipped = 0;
        return line;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
    }
}
