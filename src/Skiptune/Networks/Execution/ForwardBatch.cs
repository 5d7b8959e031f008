namespace Skiptune.Networks;

/// <summary>
/// How many samples go through a network at once where nothing is learned. Results do not depend on it, so it is chosen
/// by where the values lie: as many as stay in the threads' second-level caches from one layer to the next.
/// </summary>
internal static class ForwardBatch
{
    /// <summary>The most samples at once.</summary>
    public const int Most = 64;

    private const long NearBytes = 1 << 20;

    /// <summary>The samples of a run over a data set of that many.</summary>
    public static int For(Graph graph, int samples, int threads)
    {
        long bytes = Math.Max(1, GraphProgram.MeasureBytes(graph, 1, []));
        return BatchMixing.Limit(graph, (int)Math.Min(samples, Math.Clamp(threads * NearBytes / bytes, Math.Min(threads, Most), Most)));
    }
}
