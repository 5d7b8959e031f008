using System.Data;

namespace Skiptune.Streaming.Store;

/// <summary>A version of the model: the base, or an adapter that was tuned on the device.</summary>
/// <param name="Number">0 is the base model.</param>
/// <param name="Parent">The version that was active when it was tuned; null for the base.</param>
/// <param name="State"><c>candidate</c>, <c>validated</c> or <c>rejected</c>; only a validated version can be active.</param>
/// <param name="Sequence">The number of the last sample before it.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Samples">The samples it was tuned on.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Report">What validation found, on one line; null before.</param>
public sealed record StoredVersion(long Number, long? Parent, string State, long Sequence, DateTimeOffset Time, long Samples, double Seconds, string? Report)
{
    internal const string Candidate = "candidate";
    internal const string Validated = "validated";
    internal const string Rejected = "rejected";

    internal const string Query = "SELECT number, parent, state, seq, at, samples, seconds, report, config, tensors FROM version";

    internal byte[]? Config { get; init; }

    internal byte[]? Tensors { get; init; }

    internal static StoredVersion Read(IDataRecord row) => new(
        row.GetInt64(0),
        row.IsDBNull(1) ? null : row.GetInt64(1),
        row.GetString(2),
        row.GetInt64(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.GetInt64(5),
        row.GetDouble(6),
        row.IsDBNull(7) ? null : row.GetString(7))
    {
        Config = row.IsDBNull(8) ? null : (byte[])row.GetValue(8),
        Tensors = row.IsDBNull(9) ? null : (byte[])row.GetValue(9),
    };
}
