using System.Text;
using Skiptune.Streaming.Sources;

namespace Skiptune.Streaming.Tests.Sources;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task LinesComeWholeHoweverTheBytesCome(int piece)
    {
        Random random = new(piece);
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => new string((char)('a' + i % 26), random.Next(0, i % 10 == 0 ? 150_000 : 50)))];
        LineReader reader = new(new Pieces(Encoding.ASCII.GetBytes(string.Join('\n', lines)), piece), 100_000);
        long bytes = 0;
        foreach (string expected in lines)
        {
            Line line = (await reader.ReadAsync(takeRest: true, default)) ?? throw new InvalidOperationException("a line is missing");
            bytes += line.Length;
            Assert.Equal(expected.Length > 100_000, line.IsTooLong);
            if (!line.IsTooLong)
                Assert.Equal(expected, Encoding.ASCII.GetString(line.Bytes.Span));
        }
        Assert.Null(await reader.ReadAsync(takeRest: true, default));
        Assert.Equal(string.Join('\n', lines).Length, bytes);
    }

    [Fact]
    public async Task AnUnfinishedLineWaitsForItsEnd()
    {
        MemoryStream stream = new();
        LineReader reader = new(stream, 1000);
        Append("one\ntw");
        Assert.Equal("one", Encoding.ASCII.GetString((await reader.ReadAsync(takeRest: false, default))!.Value.Bytes.Span));
        Assert.Null(await reader.ReadAsync(takeRest: false, default));
        Append("o\n");
        Assert.Equal("two", Encoding.ASCII.GetString((await reader.ReadAsync(takeRest: false, default))!.Value.Bytes.Span));

        void Append(string text)
        {
            long at = stream.Position;
            stream.Position = stream.Length;
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.Position = at;
        }
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
