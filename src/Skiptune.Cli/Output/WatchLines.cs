using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Streaming.Loop;
using Skiptune.Streaming.Sources;

namespace Skiptune.Cli.Output;

/// <summary>A line of JSON for each sample and each line of the audit trail.</summary>
internal sealed class WatchLines(ImmutableArray<string> classNames) : WatchOutput
{
    private readonly Lock _gate = new();
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> _lines = new();

    public override void Start(Func<LearnerStatus> status, DelayHistogram delays)
    {
        // Lines come with what happens.
    }

    public override void Listening(string address) => Write(json =>
    {
        json.WriteString("kind", "listening");
        json.WriteString("address", address);
    });

    public override void Happened(LearnerEvent line) => Write(json => ResultJson.Write(json, line));

    public override void Processed(IReadOnlyList<StreamSample> samples, IReadOnlyList<SampleResult> results)
    {
        lock (_gate)
        {
            for (int i = 0; i < samples.Count; i++)
                Add(json => ResultJson.Write(json, samples[i], results[i], classNames));
            Flush();
        }
    }

    public override void End(LearnerStatus status) => Write(json =>
    {
        json.WriteString("kind", "end");
        ResultJson.Write(json, status);
    });

    public override void Dispose() => _output.Dispose();

    private void Write(Action<Utf8JsonWriter> members)
    {
        lock (_gate)
        {
            Add(members);
            Flush();
        }
    }

    private void Add(Action<Utf8JsonWriter> members)
    {
        using (Utf8JsonWriter json = new(_lines))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        _lines.Write("\n"u8);
    }

    private void Flush()
    {
        _output.Write(_lines.WrittenSpan);
        _output.Flush();
        _lines.ResetWrittenCount();
    }
}
