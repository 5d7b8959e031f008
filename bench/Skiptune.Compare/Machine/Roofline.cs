using Skiptune.Compare.Results;

namespace Skiptune.Compare.Machine;

/// <summary>What the machine can do at best: multiply-adds of one core by width, and memory bandwidth.</summary>
internal static class Roofline
{
    public static void Measure(Measurements results, bool quick)
    {
        foreach (int bits in (int[])[128, 256, 512])
        {
            if (FmaPeak.Measure(bits, quick ? 200 : 2000) is { } peak)
                results.FmaPeaks[bits] = Math.Max(peak, results.FmaPeaks.GetValueOrDefault(bits));
        }
        foreach (int threads in Measurements.ThreadCounts)
            results.Bandwidths[threads] = Math.Max(Triad.Measure(threads, quick ? 3 : 10), results.Bandwidths.GetValueOrDefault(threads));
    }
}
