using Microsoft.Data.Sqlite;

namespace Skiptune.Streaming.Store;

/// <summary>Asks a learner for something from another process: it lies in the store until the learner takes it, now or when it starts.</summary>
public static class LearnerRequest
{
    internal const string Key = "rollback";

    /// <summary>Asks for an earlier version to be made active again.</summary>
    /// <param name="store">The store.</param>
    /// <param name="version">A validated version; null for the one before the active one.</param>
    /// <returns>The version, and whether a learner is running that will take the request.</returns>
    /// <exception cref="SkiptuneException">There is no such store or version, or the version was never validated.</exception>
    public static (long Version, bool IsRunning) Rollback(string store, long? version) => StoreConnection.Guard(store, () =>
    {
        using SqliteConnection connection = StoreConnection.OpenBeside(store);
        using SqlCommands sql = new(connection);
        long wanted = Check(sql, version);
        sql.Execute("INSERT OR REPLACE INTO meta VALUES ($0, $1)", Key, wanted.ToString());
        return (wanted, StoreLock.IsTaken(store));
    });

    /// <summary>The version that a rollback leads to.</summary>
    internal static long Check(SqlCommands sql, long? version)
    {
        long active = sql.Number("SELECT active FROM learner");
        long wanted = version
            ?? (long?)sql.Scalar("SELECT coalesce(learner.previous, version.parent) FROM learner JOIN version ON number = active")
            ?? throw new SkiptuneException("the base model is active: there is no version before it");
        string? state = (string?)sql.Scalar("SELECT state FROM version WHERE number = $0", wanted);
        if (state != StoredVersion.Validated)
            throw new SkiptuneException(state is null ? $"there is no version {wanted}; 'versions' lists them" : $"version {wanted} is {state}; only a validated version can be active");
        return wanted != active ? wanted : throw new SkiptuneException($"version {wanted} is active already");
    }
}
