using System.Data;
using Microsoft.Data.Sqlite;

namespace Skiptune.Streaming.Store;

/// <summary>Statements of one connection, each prepared once. Parameters are $0, $1, ... in order.</summary>
internal sealed class SqlCommands(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        object? value = Bind(sql, values).ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public long Number(string sql, params ReadOnlySpan<object?> values) => Scalar(sql, values) is long number ? number : 0;

    public IEnumerable<T> Rows<T>(string sql, object?[] values, Func<IDataRecord, T> read)
    {
        using SqliteDataReader reader = Bind(sql, values).ExecuteReader();
        while (reader.Read())
            yield return read(reader);
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands[sql] = command;
        }
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
