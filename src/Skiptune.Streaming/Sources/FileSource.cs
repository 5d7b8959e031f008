using System.Globalization;
using System.Security.Cryptography;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>
/// Samples from the lines of a file, read once to its end or followed as it grows. The position is stored with every sample:
/// a restart reads on exactly there, whatever happened in between.
/// </summary>
/// <remarks>
/// A file that was truncated, exchanged or rotated is read from its start, which the audit trail tells: the position also has
/// the hash of the last line taken, which must still end there. What an exchanged file still held is read to its end first, as long as this process
/// has it open.
/// </remarks>
public sealed class FileSource : ISampleSource
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly bool _follow;
    private readonly Func<SampleParser> _makeParser;
    private readonly Pace _pace;

    /// <summary>Creates the source.</summary>
    /// <param name="path">The file; one that is followed may appear later.</param>
    /// <param name="makeParser">Makes the parser of its lines.</param>
    /// <param name="follow">True to wait for more at its end; false to end there.</param>
    /// <param name="rate">Samples a second; null for as fast as they are taken.</param>
    public FileSource(string path, Func<SampleParser> makeParser, bool follow, double? rate = null)
        : this(path, makeParser, follow, new Pace(rate))
    {
    }

    internal FileSource(string path, Func<SampleParser> makeParser, bool follow, Pace pace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _makeParser = makeParser;
        _follow = follow;
        _pace = pace;
        Name = $"file:{Path.GetFullPath(path)}";
    }

    /// <summary>The source's name: <c>file:</c> and the full path.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        while (true)
        {
            using FileStream file = await OpenAsync(cancellationToken).ConfigureAwait(false);
            SourcePosition? known = null;
            await queue.InvokeAsync(learner => known = learner.PositionOf(Name), cancellationToken).ConfigureAwait(false);
            if (known is { Next: > 0 } && !Continues(file, known))
            {
                await queue.InvokeAsync(learner => learner.RestartSource(Name, $"{_path} has other content than before and is read from its start"), cancellationToken).ConfigureAwait(false);
                known = null;
            }
            await ReadAsync(file, known?.Next ?? 0, queue, cancellationToken).ConfigureAwait(false);
            if (!_follow)
                return;
        }
    }

    // Reads until the end or, when following, until another file has the name.
    private async Task ReadAsync(FileStream file, long from, LearnerQueue queue, CancellationToken cancellationToken)
    {
        SampleParser parser = _makeParser();
        await TakeHeaderAsync(file, parser, cancellationToken).ConfigureAwait(false);
        file.Position = from;
        LineReader reader = new(file, parser.LongestLine);
        SourcePosition position = new(from);
        bool isReplaced = false;
        while (true)
        {
            // The rest of a file that is no longer written is a line too.
            bool takeRest = !_follow || isReplaced;
            if (await reader.ReadAsync(takeRest, cancellationToken).ConfigureAwait(false) is not { } line)
            {
                if (!_follow || isReplaced)
                    return;
                await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
                isReplaced = IsReplaced(file, position);
                continue;
            }
            bool isHeader = position.Next == 0 && parser.TakeHeader(line.Bytes.Span);
            position = new SourcePosition(position.Next + line.Length, line.IsTooLong ? null : MarkOf(line.Bytes.Span, line.Length));
            StreamSample? sample = isHeader ? null : line.IsTooLong ? parser.TooLong(Name) : parser.Parse(line.Bytes.Span, Name);
            if (sample is null)
                continue;
            await _pace.WaitAsync(cancellationToken).ConfigureAwait(false);
            await queue.EnqueueAsync(sample with { Position = position }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<FileStream> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            }
            catch (FileNotFoundException) when (_follow)
            {
                await Task.Delay(s_poll, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new SkiptuneException($"{_path}: cannot be read ({exception.Message}); check its name and its permissions", exception);
            }
        }
    }

    private static async Task TakeHeaderAsync(FileStream file, SampleParser parser, CancellationToken cancellationToken)
    {
        file.Position = 0;
        if (await new LineReader(file, parser.LongestLine).ReadAsync(takeRest: false, cancellationToken).ConfigureAwait(false) is { IsTooLong: false } line)
            parser.TakeHeader(line.Bytes.Span);
    }

    private bool IsReplaced(FileStream file, SourcePosition position)
    {
        if (file.Length < position.Next)
            return true;
        try
        {
            using FileStream now = new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            return !Continues(now, position);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Between two files of a rotation there is none.
            return false;
        }
    }

    // "length:hash" of the last line taken.
    private static string MarkOf(ReadOnlySpan<byte> line, long length) =>
        string.Create(CultureInfo.InvariantCulture, $"{length}:{Convert.ToHexStringLower(SHA256.HashData(line).AsSpan(0, 8))}");

    private static bool Continues(FileStream file, SourcePosition position)
    {
        if (file.Length < position.Next)
            return false;
        if (position.Mark is null || position.Mark.Split(':') is not [string text, _] || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long length) || length > position.Next || length > Array.MaxLength)
            return true;
        byte[] line = new byte[length];
        file.Position = position.Next - length;
        file.ReadExactly(line);
        ReadOnlySpan<byte> bytes = line.AsSpan();
        return position.Mark == MarkOf(bytes is [.., (byte)'\n'] ? bytes[..^1] : bytes, length);
    }
}
