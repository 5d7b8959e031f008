using System.Collections.Immutable;

namespace Skiptune.Networks;

/// <summary>What happens to the samples that do not fill the last batch of an epoch.</summary>
public enum TailBatch
{
    /// <summary>All batches are made nearly as large: 1024 samples by 20 make 36 of 20 and 16 of 19.</summary>
    Spread,

    /// <summary>The last batch is small: 51 of 20 and one of 4. Its few samples count for more.</summary>
    Keep,

    /// <summary>They are left out of this epoch; the shuffle picks others in the next.</summary>
    Drop,
}

/// <summary>The sizes of the batches of an epoch.</summary>
internal static class BatchPlan
{
    /// <summary>Cuts that many samples into batches; the largest comes first.</summary>
    public static ImmutableArray<int> Cut(int samples, int batchSize, TailBatch tail)
    {
        batchSize = Math.Min(batchSize, samples);
        int whole = samples / batchSize;
        int rest = samples % batchSize;
        if (rest == 0 || tail == TailBatch.Drop)
            return [.. Enumerable.Repeat(batchSize, whole)];
        if (tail == TailBatch.Keep)
            return [.. Enumerable.Repeat(batchSize, whole), rest];
        int batches = whole + 1;
        int larger = samples % batches;
        return [.. Enumerable.Repeat(samples / batches + 1, larger), .. Enumerable.Repeat(samples / batches, batches - larger)];
    }
}
