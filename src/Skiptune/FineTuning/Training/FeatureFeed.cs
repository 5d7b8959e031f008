using Skiptune.Data;
using Skiptune.Networks;

namespace Skiptune.FineTuning;

/// <summary>Puts what the trained part reads of the next batch into its inputs.</summary>
/// <param name="split">Where the network is cut.</param>
/// <param name="data">The samples.</param>
/// <param name="located">Where each sample lies; null if they must be read.</param>
internal abstract class FeatureFeed(FrozenSplit split, DataSet data, nint[]? located) : IDisposable
{
    protected FrozenSplit Split { get; } = split;

    protected DataSet Data { get; } = data;

    /// <summary>The bytes kept from epoch to epoch.</summary>
    public virtual long CacheBytes => 0;

    /// <summary>Does what is done before the first epoch.</summary>
    public virtual void Prepare(CancellationToken cancellationToken)
    {
    }

    /// <summary>Fills the inputs of the tail for a batch.</summary>
    /// <param name="order">The samples of the epoch.</param>
    /// <param name="start">Where the batch starts in it; it has the tail's batch size.</param>
    /// <param name="tail">The trained part.</param>
    public void Load(int[] order, int start, GraphProgram tail)
    {
        if (Split.ReadsSample)
            LoadSamples(order.AsSpan(start, tail.Batch), Following(order, start, tail), tail);
        if (!Split.Frontier.IsEmpty)
            LoadFrontier(order, start, tail);
    }

    /// <summary>Gives back what was kept.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected abstract void LoadFrontier(int[] order, int start, GraphProgram tail);

    /// <summary>As many samples after a batch as there are in it, or what is left of the epoch.</summary>
    protected static ReadOnlySpan<int> Following(int[] order, int start, GraphProgram tail)
    {
        int end = start + tail.Batch;
        return order.AsSpan(end, Math.Min(tail.Batch, order.Length - end));
    }

    private void LoadSamples(ReadOnlySpan<int> samples, ReadOnlySpan<int> following, GraphProgram tail)
    {
        if (tail.Rows(Split.SampleName) is not { } rows)
        {
            Data.Read(samples, tail.Value(Split.SampleName).Span);
            return;
        }
        for (int i = 0; i < samples.Length; i++)
        {
            rows.Addresses[i] = located![samples[i]];
            rows.Following[i] = i < following.Length ? located[following[i]] - rows.Addresses[i] : 0;
        }
    }
}
