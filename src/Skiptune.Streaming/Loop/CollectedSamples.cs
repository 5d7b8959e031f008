using Microsoft.Data.Sqlite;
using Skiptune.Data;
using Skiptune.Numerics;
using Skiptune.Streaming.Store;

namespace Skiptune.Streaming.Loop;

/// <summary>What was collected for a fine-tuning, in two parts of each class alike. The same samples give the same parts.</summary>
internal sealed class CollectedSamples
{
    private CollectedSamples(DataSet train, DataSet heldOut)
    {
        Train = train;
        HeldOut = heldOut;
    }

    public DataSet Train { get; }

    public DataSet HeldOut { get; }

    /// <summary>Reads them on a connection of their own, so that the learner's is not kept waiting.</summary>
    /// <param name="path">The store.</param>
    /// <param name="from">The first sample.</param>
    /// <param name="to">The last one; labels that came later do not count.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="heldOut">The share to hold out.</param>
    /// <exception cref="SkiptuneException">The store cannot be read, or a part would be empty.</exception>
    public static CollectedSamples Read(string path, long from, long to, Shape shape, int classes, double heldOut) => StoreConnection.Guard(path, () =>
    {
        using SqliteConnection connection = StoreConnection.OpenReader(path);
        using SqlCommands sql = new(connection);
        StoredSample[] samples =
        [
            .. sql.Rows($"{LearnerStore.SampleQuery} WHERE seq BETWEEN $0 AND $1 AND labelled_at <= $1 ORDER BY seq", [from, to], LearnerStore.ReadSample),
        ];
        int[] seen = new int[classes];
        ILookup<bool, StoredSample> parts = samples.ToLookup(sample => IsHeldOut(seen[sample.Label!.Value]++, heldOut));
        if (!parts[true].Any() || !parts[false].Any())
            throw new SkiptuneException($"{samples.Length} labelled samples leave nothing to learn from or to validate with");
        return new CollectedSamples(DataSetOf([.. parts[false]], shape, classes), DataSetOf([.. parts[true]], shape, classes));
    });

    /// <summary>Two sets as one.</summary>
    public static DataSet Concatenate(DataSet first, DataSet second)
    {
        Tensor values = new(first.SampleShape.Prepend(first.Count + second.Count));
        first.Read([.. Enumerable.Range(0, first.Count)], values.Rows(0, first.Count).Span);
        second.Read([.. Enumerable.Range(0, second.Count)], values.Rows(first.Count, second.Count).Span);
        return new TensorDataSet(values, [.. first.Labels, .. second.Labels], Math.Max(first.ClassCount, second.ClassCount));
    }

    // Evenly spread over a class: the n-th sample closes another unit of the share, or not.
    private static bool IsHeldOut(int n, double share) => Math.Floor((n + 1) * share) > Math.Floor(n * share);

    private static TensorDataSet DataSetOf(StoredSample[] samples, Shape shape, int classes)
    {
        Tensor values = new(shape.Prepend(samples.Length));
        for (int i = 0; i < samples.Length; i++)
            samples[i].Features.CopyTo(values.Rows(i, 1).Span);
        return new TensorDataSet(values, [.. samples.Select(sample => sample.Label!.Value)], classes);
    }
}
