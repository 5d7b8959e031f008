using System.Data;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Store;

/// <summary>A stored sample as the loop needs it again.</summary>
internal sealed record StoredSample(long Sequence, float[] Features, int? Label, long? LabelledAt, Answer Answer, float? Score);

/// <summary>
/// The learner's writing connection. Nothing lasts before <see cref="Commit"/> returns; a process that dies in between
/// leaves the store as the last commit did.
/// </summary>
internal sealed class LearnerStore : IDisposable
{
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly SqlCommands _sql;
    private bool _open;

    private LearnerStore(string path, FileStream held, SqliteConnection connection, bool isNew)
    {
        Path = path;
        _lock = held;
        _connection = connection;
        _sql = new SqlCommands(connection);
        // A process killed before its first transaction leaves tables without a learner.
        IsNew = isNew || _sql.Number("SELECT count(*) FROM learner") == 0;
    }

    public string Path { get; }

    /// <summary>True if nothing was ever committed to it.</summary>
    public bool IsNew { get; }

    /// <summary>Opens or makes a store; one process at a time.</summary>
    /// <exception cref="SkiptuneException">It is in use, damaged, or no store.</exception>
    public static LearnerStore Open(string path)
    {
        FileStream held = StoreLock.Take(path);
        try
        {
            (SqliteConnection connection, bool isNew) = StoreConnection.OpenWriter(path);
            return new LearnerStore(path, held, connection, isNew);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>True while a transaction is open.</summary>
    public bool Begun => _open;

    public string? Meta(string key) => (string?)_sql.Scalar("SELECT value FROM meta WHERE key = $0", key);

    public void SetMeta(string key, string value) => _sql.Execute("INSERT OR REPLACE INTO meta VALUES ($0, $1)", key, value);

    public void RemoveMeta(string key) => _sql.Execute("DELETE FROM meta WHERE key = $0", key);

    public long CheckRollback(long? version) => LearnerRequest.Check(_sql, version);

    /// <summary>Begins a transaction unless one is open.</summary>
    public void Begin()
    {
        if (_open)
            return;
        _sql.Execute("BEGIN IMMEDIATE");
        _open = true;
    }

    /// <summary>Makes everything since <see cref="Begin"/> last.</summary>
    public void Commit()
    {
        if (!_open)
            return;
        _sql.Execute("COMMIT");
        _open = false;
    }

    public void InsertSample(long sequence, StreamSample sample, Answer answer, float? score) => _sql.Execute(
        "INSERT INTO sample VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        sequence,
        sample.Source,
        sample.Id,
        sample.Time?.ToUnixTimeMilliseconds(),
        MemoryMarshal.AsBytes(sample.Features.Span).ToArray(),
        sample.Label,
        sample.Label is null ? null : sequence,
        answer.Class,
        (double)answer.Probability,
        (double?)score,
        answer.Version);

    /// <summary>Notes an id.</summary>
    /// <param name="source">The source it belongs to.</param>
    /// <param name="id">The id.</param>
    /// <param name="at">The number of the last sample, by which ids are forgotten.</param>
    /// <param name="sequence">The sample of the id; 0 for one that was quarantined.</param>
    public void InsertSeen(string source, string id, long at, long sequence) => _sql.Execute("INSERT OR REPLACE INTO seen VALUES ($0, $1, $2, $3)", source, id, at, sequence);

    /// <summary>The number of the sample with an id, 0 if it was quarantined, null if the id was never seen or is forgotten.</summary>
    public long? SequenceOf(string source, string id) => (long?)_sql.Scalar("SELECT sample FROM seen WHERE source = $0 AND id = $1", source, id);

    public StoredSample? Find(long sequence) => _sql.Rows(SampleQuery + " WHERE seq = $0", [sequence], ReadSample).FirstOrDefault();

    public void SetLabel(long sequence, int label, long labelledAt) =>
        _sql.Execute("UPDATE sample SET label = $1, labelled_at = $2 WHERE seq = $0", sequence, label, labelledAt);

    public SourcePosition? PositionOf(string source) =>
        _sql.Rows("SELECT next, mark FROM source WHERE name = $0", [source], row => new SourcePosition(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1))).FirstOrDefault();

    public void SetPosition(string source, SourcePosition position) =>
        _sql.Execute("INSERT OR REPLACE INTO source VALUES ($0, $1, $2)", source, position.Next, position.Mark);

    public void Quarantine(long number, DateTimeOffset at, long sequence, StreamSample sample, QuarantineReason reason, string detail) =>
        _sql.Execute("INSERT INTO quarantine VALUES ($0, $1, $2, $3, $4, $5, $6)", number, at.ToUnixTimeMilliseconds(), sequence, sample.Source, sample.Id, reason.ToString(), detail);

    public LearnerEvent AddEvent(DateTimeOffset at, long sequence, LearnerEventKind kind, LearnerPhase from, LearnerPhase to, long? version, string reason)
    {
        long number = _sql.Number("SELECT coalesce(max(number), 0) + 1 FROM event");
        _sql.Execute("INSERT INTO event VALUES ($0, $1, $2, $3, $4, $5, $6, $7)", number, at.ToUnixTimeMilliseconds(), sequence, kind.ToString(), from.ToString(), to.ToString(), version, reason);
        return new LearnerEvent(number, at, sequence, kind, from, to, version, reason);
    }

    /// <summary>Adds a version and gives its number.</summary>
    public long AddVersion(StoredVersion version)
    {
        long number = _sql.Number("SELECT coalesce(max(number), -1) + 1 FROM version");
        _sql.Execute(
            "INSERT INTO version VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)",
            number,
            version.Parent,
            version.State,
            version.Sequence,
            version.Time.ToUnixTimeMilliseconds(),
            version.Samples,
            version.Seconds,
            version.Report,
            version.Config,
            version.Tensors);
        return number;
    }

    public void AcceptVersion(long number, string report) =>
        _sql.Execute("UPDATE version SET state = 'validated', report = $1 WHERE number = $0", number, report);

    /// <summary>Rejects a version, whose adapter nobody will ask for.</summary>
    public void RejectVersion(long number, string report) =>
        _sql.Execute("UPDATE version SET state = 'rejected', report = $1, config = NULL, tensors = NULL WHERE number = $0", number, report);

    public StoredVersion? Version(long number) => _sql.Rows(StoredVersion.Query + " WHERE number = $0", [number], StoredVersion.Read).FirstOrDefault();

    public (LearnerState State, byte[] Probation, byte[] Guard) LoadLearner() => _sql.Rows("SELECT * FROM learner", [], row => (
        new LearnerState
        {
            Phase = Enum.Parse<LearnerPhase>(row.GetString(1)),
            Active = row.GetInt64(2),
            Previous = row.IsDBNull(3) ? null : row.GetInt64(3),
            Candidate = row.IsDBNull(4) ? null : row.GetInt64(4),
            Sequence = row.GetInt64(5),
            Accepted = row.GetInt64(6),
            Labelled = row.GetInt64(7),
            Duplicates = row.GetInt64(8),
            Quarantined = row.GetInt64(9),
            Round = row.GetInt64(10),
            Attempt = row.GetInt64(11),
            CollectFrom = row.GetInt64(12),
            TuneTo = row.GetInt64(13),
            PhaseSamples = row.GetInt64(14),
        },
        (byte[])row.GetValue(15),
        (byte[])row.GetValue(16))).Single();

    public void SaveLearner(LearnerState state, byte[] probation, byte[] guard) => _sql.Execute(
        "INSERT INTO learner VALUES (1, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
        + "ON CONFLICT (one) DO UPDATE SET phase = $0, active = $1, previous = $2, candidate = $3, seq = $4, accepted = $5, labelled = $6, "
        + "duplicates = $7, quarantined = $8, round = $9, attempt = $10, collect_from = $11, tune_to = $12, phase_samples = $13, probation = $14, guard = $15",
        state.Phase.ToString(),
        state.Active,
        state.Previous,
        state.Candidate,
        state.Sequence,
        state.Accepted,
        state.Labelled,
        state.Duplicates,
        state.Quarantined,
        state.Round,
        state.Attempt,
        state.CollectFrom,
        state.TuneTo,
        state.PhaseSamples,
        probation,
        guard);

    public (long Sequence, byte[] State) LoadSnapshot() =>
        _sql.Rows("SELECT seq, state FROM snapshot", [], row => (row.GetInt64(0), (byte[])row.GetValue(1))).Single();

    public void SaveSnapshot(long sequence, byte[] state) => _sql.Execute("INSERT OR REPLACE INTO snapshot VALUES (1, $0, $1)", sequence, state);

    /// <summary>The samples that arrived or got their label after a number, in the order of the samples.</summary>
    public List<StoredSample> Since(long sequence) => [.. _sql.Rows(SampleQuery + " WHERE seq > $0 OR labelled_at > $0 ORDER BY seq", [sequence], ReadSample)];

    /// <summary>How many samples from a number on have which label.</summary>
    public IEnumerable<(int Label, int Count)> CountLabels(long from) => _sql.Rows(
        "SELECT label, count(*) FROM sample WHERE seq >= $0 AND label IS NOT NULL GROUP BY label", [from], row => (row.GetInt32(0), row.GetInt32(1)));

    /// <summary>Forgets what is older than needed.</summary>
    public void Prune(long samplesFrom, long idsFrom, long quarantinedFrom)
    {
        _sql.Execute("DELETE FROM sample WHERE seq < $0", samplesFrom);
        _sql.Execute("DELETE FROM seen WHERE seq < $0", idsFrom);
        _sql.Execute("DELETE FROM quarantine WHERE number < $0", quarantinedFrom);
    }

    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    internal const string SampleQuery = "SELECT seq, features, label, labelled_at, class, probability, version, score FROM sample";

    internal static StoredSample ReadSample(IDataRecord row) => new(
        row.GetInt64(0),
        MemoryMarshal.Cast<byte, float>((byte[])row.GetValue(1)).ToArray(),
        row.IsDBNull(2) ? null : row.GetInt32(2),
        row.IsDBNull(3) ? null : row.GetInt64(3),
        new Answer(row.GetInt32(4), (float)row.GetDouble(5), row.GetInt64(6)),
        row.IsDBNull(7) ? null : (float)row.GetDouble(7));
}
