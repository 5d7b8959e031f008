using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>
/// Samples from a stream that is read once, such as standard input. It has no positions: samples that come again are known
/// by their ids alone.
/// </summary>
/// <param name="stream">The stream; the caller closes it.</param>
/// <param name="parser">Makes samples of its lines; this source's own.</param>
/// <param name="name">The source's name.</param>
public sealed class LineSource(Stream stream, SampleParser parser, string name = "stdin") : ISampleSource
{
    /// <inheritdoc/>
    public async Task RunAsync(LearnerQueue queue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queue);
        LineReader reader = new(stream, parser.LongestLine);
        bool isFirst = true;
        while (await reader.ReadAsync(takeRest: true, cancellationToken).ConfigureAwait(false) is { } line)
        {
            bool isHeader = isFirst && parser.TakeHeader(line.Bytes.Span);
            isFirst = false;
            StreamSample? sample = isHeader ? null : line.IsTooLong ? parser.TooLong(name) : parser.Parse(line.Bytes.Span, name);
            if (sample is not null)
                await queue.EnqueueAsync(sample, cancellationToken).ConfigureAwait(false);
        }
    }
}
