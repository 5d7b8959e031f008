namespace Skiptune.Data;

/// <summary>Text whose lines must end: what reads whole lines into memory cannot be made to hold a whole file.</summary>
internal sealed class LineBoundedReader(TextReader source, string name) : TextReader
{
    /// <summary>Room for a million numbers.</summary>
    public const int LongestLine = 16 * 1024 * 1024;

    private int _length;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        int read = source.Read(buffer);
        ReadOnlySpan<char> text = buffer[..read];
        for (int end; (end = text.IndexOfAny('\n', '\r')) >= 0; text = text[(end + 1)..])
            _length = 0;
        _length += text.Length;
        return _length <= LongestLine
            ? read
            : throw ErrorText.Of(name, $"has a line of more than {LongestLine} characters; give a file with one sample a line");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}
