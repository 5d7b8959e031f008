using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Skiptune.Streaming.Tests.Store;

/// <summary>A store as text: what must not depend on interruptions, so no wall-clock times, no lines about starts, no count of duplicates.</summary>
internal static class StoreContent
{
    private static readonly string[] s_queries =
    [
        "SELECT seq, source, id, time, features, label, labelled_at, class, probability, score, version FROM sample ORDER BY seq",
        "SELECT * FROM seen ORDER BY source, id",
        "SELECT * FROM source ORDER BY name",
        "SELECT number, seq, source, id, reason, detail FROM quarantine ORDER BY number",
        "SELECT seq, kind, from_phase, to_phase, version, iif(kind = 'Tuned', '', reason) FROM event WHERE kind NOT IN ('Started', 'Created') ORDER BY number",
        "SELECT number, parent, state, seq, samples, report, config, tensors FROM version ORDER BY number",
        "SELECT phase, active, previous, candidate, seq, accepted, labelled, quarantined, round, attempt, collect_from, tune_to, phase_samples, probation, guard FROM learner",
    ];

    public static string Of(string path)
    {
        using SqliteConnection connection = new($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        StringBuilder text = new();
        foreach (string query in s_queries)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = query;
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                for (int i = 0; i < reader.FieldCount; i++)
                    text.Append(reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes))[..16] : reader.GetValue(i)).Append(' ');
                text.Append('\n');
            }
        }
        return text.ToString();
    }
}
