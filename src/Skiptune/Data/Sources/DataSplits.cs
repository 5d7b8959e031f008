using Skiptune.Numerics;

namespace Skiptune.Data;

/// <summary>Data in parts. Dispose it to close the files that are read as they are needed.</summary>
public sealed class DataSplits : IDisposable
{
    // Of the streams of a seed, the one that is this class's.
    private const long Stream = 0x53504C49;

    private readonly IReadOnlyList<IDisposable> _owned;

    internal DataSplits(DataSet train, DataSet? valid, DataSet? test, IReadOnlyList<IDisposable> owned)
    {
        Train = train;
        Valid = valid;
        Test = test;
        _owned = owned;
    }

    /// <summary>The samples to learn from; all samples of data without parts.</summary>
    public DataSet Train { get; }

    /// <summary>The samples to watch the learning with, or null.</summary>
    public DataSet? Valid { get; }

    /// <summary>The samples to judge the result by, or null.</summary>
    public DataSet? Test { get; }

    /// <summary>Holds back a part of the samples: of each class as many in proportion, the same ones for the same seed.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="fraction">Above 0, below 1.</param>
    /// <param name="seed">Any number.</param>
    /// <returns>Both parts in the order of the data.</returns>
    /// <exception cref="SkiptuneException">The fraction is out of range, or leaves one part empty.</exception>
    public static (DataSet Kept, DataSet HeldBack) HoldBack(DataSet data, double fraction, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(fraction > 0 && fraction < 1))
            throw new SkiptuneException($"a part of {fraction} cannot be held back; give a fraction above 0 and below 1");
        bool[] held = Choose(data.Targets, fraction, seed);
        int[] rows = [.. Enumerable.Range(0, data.Count)];
        int[] kept = [.. rows.Where(row => !held[row])];
        int[] heldBack = [.. rows.Where(row => held[row])];
        if (kept.Length == 0 || heldBack.Length == 0)
            throw new SkiptuneException($"a part of {fraction} of {data.Count} samples leaves one part empty; give another fraction or more samples");
        return (data.Select(kept), data.Select(heldBack));
    }

    /// <summary>Closes the files; no part may be read after this.</summary>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
    }

    private static bool[] Choose(Targets targets, double fraction, long seed)
    {
        bool[] held = new bool[targets.Count];
        List<int>[] classes = new List<int>[Math.Max(1, targets.ClassCount)];
        for (int row = 0; row < targets.Count; row++)
            (classes[targets.Kind == TargetKind.Classes ? targets.Labels[row] : 0] ??= []).Add(row);
        SeededRandom random = new(seed, Stream);
        double due = 0;
        int taken = 0;
        foreach (List<int>? rows in classes)
        {
            if (rows is null)
                continue;
            // What rounding takes from one class goes to the next, so that the total is right too.
            due += fraction * rows.Count;
            int count = Math.Clamp((int)Math.Round(due) - taken, 0, rows.Count);
            taken += count;
            int[] shuffled = [.. rows];
            random.Shuffle<int>(shuffled);
            foreach (int row in shuffled.AsSpan(0, count))
                held[row] = true;
        }
        return held;
    }
}
