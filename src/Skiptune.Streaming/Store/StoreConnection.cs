using Microsoft.Data.Sqlite;

namespace Skiptune.Streaming.Store;

/// <summary>Opens store files and turns SQLite's errors into lines for people.</summary>
internal static class StoreConnection
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int Full = 13;

    /// <summary>Opens a store to write it, makes it if it is missing, and checks it.</summary>
    /// <returns>The connection, and whether the file was new.</returns>
    /// <exception cref="SkiptuneException">It cannot be opened, is damaged or is no store.</exception>
    public static (SqliteConnection Connection, bool IsNew) OpenWriter(string path) => Guard(path, () =>
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            bool isNew = Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
            // A database of another program is left as it is.
            if (!isNew)
                CheckKind(path, connection);
            // WAL: readers do not wait for the writer. FULL: a commit returns when it is on the disk.
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            if (isNew)
                Run(connection, $"BEGIN IMMEDIATE; {StoreSchema.Create} PRAGMA application_id = {StoreSchema.ApplicationId}; PRAGMA user_version = {StoreSchema.Version}; COMMIT;");
            Check(path, connection);
            return (connection, isNew);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    /// <summary>Opens a store that is there, to read it beside its writer.</summary>
    /// <exception cref="SkiptuneException">It is missing, cannot be opened, is damaged or is no store.</exception>
    public static SqliteConnection OpenReader(string path) => OpenExisting(path, SqliteOpenMode.ReadOnly);

    /// <summary>Opens a store that is there, for a word beside its writer.</summary>
    /// <exception cref="SkiptuneException">It is missing, cannot be opened, is damaged or is no store.</exception>
    public static SqliteConnection OpenBeside(string path) => OpenExisting(path, SqliteOpenMode.ReadWrite);

    private static SqliteConnection OpenExisting(string path, SqliteOpenMode mode) => Guard(path, () =>
    {
        if (!File.Exists(path))
            throw new SkiptuneException($"{path}: there is no such store; 'watch --store' makes it");
        SqliteConnection connection = Open(path, mode);
        try
        {
            CheckKind(path, connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });

    /// <summary>Runs something on a store's file.</summary>
    /// <exception cref="SkiptuneException">SQLite or the file system refuses.</exception>
    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw new SkiptuneException($"{path}: {Describe(exception)}", exception);
        }
    }

    private static string Describe(SqliteException exception) => exception.SqliteErrorCode switch
    {
        NotADatabase => "is not a store; name another file",
        Corrupt => "is damaged; restore a copy, or move it away to begin a new store",
        Full => "the disk is full; make room and start again, nothing that was acknowledged is lost",
        _ => $"the store cannot be used ({exception.Message.ReplaceLineEndings(" ")})",
    };

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        return connection;
    }

    private static void Check(string path, SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        string result = (string)command.ExecuteScalar()!;
        if (result != "ok")
            throw new SkiptuneException($"{path}: is damaged ({result.ReplaceLineEndings(" ")}); restore a copy, or move it away to begin a new store");
    }

    private static void CheckKind(string path, SqliteConnection connection)
    {
        if (Number(connection, "PRAGMA application_id") != StoreSchema.ApplicationId)
            throw new SkiptuneException($"{path}: is a database of another program; name another file");
        long version = Number(connection, "PRAGMA user_version");
        if (version != StoreSchema.Version)
            throw new SkiptuneException($"{path}: has the format {version}, this program knows {StoreSchema.Version}; use the program that made it");
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
