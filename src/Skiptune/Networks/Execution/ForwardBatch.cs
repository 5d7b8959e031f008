using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// How many samples go through a network at once where nothing is learned. Results do not depend on it, so it is chosen
/// by where the values lie: as many as stay in a processor's second-level cache from one layer to the next.
/// </summary>
internal static class ForwardBatch
{
    /// <summary>The most samples at once.</summary>
    public const int Most = 64;

    private const long NearBytes = 1 << 20;

    /// <summary>The samples of a run of one of some programs that share the samples.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="samples">All samples; at least 1.</param>
    /// <param name="programs">Among how many programs they are shared; at least 1.</param>
    public static int For(Graph graph, int samples, int programs)
    {
        long bytes = Math.Max(1, GraphProgram.MeasureBytes(graph, 1, []));
        int fair = (int)(((long)samples + programs - 1) / programs);
        return BatchMixing.Limit(graph, (int)Math.Min(fair, Math.Clamp(NearBytes / bytes, 1, Most)));
    }
}
