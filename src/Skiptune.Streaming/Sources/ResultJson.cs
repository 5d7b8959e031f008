using System.Collections.Immutable;
using System.Text.Json;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Sources;

/// <summary>What a learner says, as members of JSON objects; <c>docs/streaming.md</c> describes them.</summary>
public static class ResultJson
{
    /// <summary>Writes what became of a sample.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="result">Its result.</param>
    /// <param name="classNames">Names of the classes, or empty.</param>
    public static void Write(Utf8JsonWriter json, StreamSample sample, SampleResult result, ImmutableArray<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(result);
        json.WriteString("kind", NameOf(result.Outcome));
        if (result.Sequence > 0)
            json.WriteNumber("seq", result.Sequence);
        if (sample.Id is not null)
            json.WriteString("id", sample.Id);
        if (result.Answer is { } answer)
        {
            json.WriteNumber("class", answer.Class);
            if (!classNames.IsDefaultOrEmpty)
                json.WriteString("name", classNames[answer.Class]);
            json.WriteNumber("probability", answer.Probability);
            json.WriteNumber("version", answer.Version);
        }
        if (sample.Label is { } label && result.Outcome != SampleOutcome.Quarantined)
            json.WriteNumber("label", label);
        if (result.Score is { } score)
        {
            json.WriteNumber("score", score);
            json.WriteBoolean("anomaly", result.IsAnomaly);
        }
        if (result.Reason is { } reason)
        {
            json.WriteString("reason", NameOf(reason));
            json.WriteString("detail", result.Detail);
        }
    }

    /// <summary>Writes a line of the audit trail.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="line">The line.</param>
    public static void Write(Utf8JsonWriter json, LearnerEvent line)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(line);
        json.WriteString("kind", "event");
        json.WriteNumber("number", line.Number);
        json.WriteString("event", NameOf(line.Kind));
        json.WriteString("time", line.Time);
        json.WriteNumber("seq", line.Sequence);
        json.WriteString("from", NameOf(line.From));
        json.WriteString("to", NameOf(line.To));
        if (line.Version is { } version)
            json.WriteNumber("version", version);
        json.WriteString("reason", line.Reason);
    }

    /// <summary>Writes where the loop stands.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="status">The status.</param>
    public static void Write(Utf8JsonWriter json, LearnerStatus status)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(status);
        json.WriteString("phase", NameOf(status.Phase));
        json.WriteNumber("version", status.Active);
        json.WriteNumber("seq", status.Sequence);
        json.WriteNumber("accepted", status.Accepted);
        json.WriteNumber("labelled", status.Labelled);
        json.WriteNumber("duplicates", status.Duplicates);
        json.WriteNumber("quarantined", status.Quarantined);
        json.WriteNumber("rounds", status.Rounds);
        json.WriteNumber("collected", status.Collected);
    }

    /// <summary>The name of an outcome, a phase, a reason or an event: <c>rolled_back</c>.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
