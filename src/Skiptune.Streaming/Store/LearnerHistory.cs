using Microsoft.Data.Sqlite;
using Skiptune.FineTuning;
using Skiptune.Streaming.Loop;

namespace Skiptune.Streaming.Store;

/// <summary>A sample that was not used, as the audit trail has it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Time">The wall clock.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Id">Its id, or null.</param>
/// <param name="Reason">Why, in a word.</param>
/// <param name="Detail">Why, on one line.</param>
public sealed record QuarantinedSample(long Number, DateTimeOffset Time, string Source, string? Id, string Reason, string Detail);

/// <summary>Reads a store, also while a learner writes it.</summary>
public sealed class LearnerHistory : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqlCommands _sql;

    private LearnerHistory(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
        _sql = new SqlCommands(connection);
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="SkiptuneException">It is missing, damaged, or no store.</exception>
    public static LearnerHistory Open(string path) => new(path, StoreConnection.OpenReader(path));

    /// <summary>The last lines of the audit trail, the oldest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <exception cref="SkiptuneException">The store cannot be read.</exception>
    public IReadOnlyList<LearnerEvent> Events(int most = int.MaxValue) => Read(
        "SELECT * FROM (SELECT * FROM event ORDER BY number DESC LIMIT $0) ORDER BY number",
        most,
        row => new LearnerEvent(
            row.GetInt64(0),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            row.GetInt64(2),
            Enum.Parse<LearnerEventKind>(row.GetString(3)),
            Enum.Parse<LearnerPhase>(row.GetString(4)),
            Enum.Parse<LearnerPhase>(row.GetString(5)),
            row.IsDBNull(6) ? null : row.GetInt64(6),
            row.GetString(7)));

    /// <summary>The last samples that were not used, the oldest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <exception cref="SkiptuneException">The store cannot be read.</exception>
    public IReadOnlyList<QuarantinedSample> Quarantined(int most = int.MaxValue) => Read(
        "SELECT * FROM (SELECT number, at, source, id, reason, detail FROM quarantine ORDER BY number DESC LIMIT $0) ORDER BY number",
        most,
        row => new QuarantinedSample(
            row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5)));

    /// <summary>All versions, the base first.</summary>
    /// <exception cref="SkiptuneException">The store cannot be read.</exception>
    public IReadOnlyList<StoredVersion> Versions() => Read($"{StoredVersion.Query} ORDER BY number LIMIT $0", int.MaxValue, StoredVersion.Read);

    /// <summary>The version that answers.</summary>
    /// <exception cref="SkiptuneException">The store cannot be read, or has no learner yet.</exception>
    public long Active() => Read("SELECT active FROM learner LIMIT $0", 1, row => row.GetInt64(0)) is [long active]
        ? active
        : throw new SkiptuneException($"{_path}: has no learner yet; 'watch' makes it");

    /// <summary>The files of a version's adapter.</summary>
    /// <exception cref="SkiptuneException">There is no such version, or it has no adapter.</exception>
    public AdapterContent Adapter(long version) => Versions().FirstOrDefault(one => one.Number == version) switch
    {
        null => throw new SkiptuneException($"{_path}: there is no version {version}"),
        { Config: { } config, Tensors: { } tensors } => new AdapterContent(config, tensors),
        _ => throw new SkiptuneException($"{_path}: version {version} is the base model, which has no adapter"),
    };

    /// <summary>Closes the store.</summary>
    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
    }

    private List<T> Read<T>(string sql, int most, Func<System.Data.IDataRecord, T> read) =>
        StoreConnection.Guard<List<T>>(_path, () => [.. _sql.Rows(sql, [most], read)]);
}
