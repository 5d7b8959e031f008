using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Skiptune.Numerics;

namespace Skiptune.Compare.Machine;

/// <summary>Memory bandwidth: a = b + s c over arrays that no cache holds; counts two reads and a write.</summary>
internal static class Triad
{
    private const int Count = 24 << 20;

    /// <summary>In GB/s, the best of some runs.</summary>
    public static double Measure(int threads, int runs)
    {
        (float[] a, float[] b, float[] c) = (new float[Count], new float[Count], new float[Count]);
        Array.Fill(a, 1);
        Array.Fill(b, 2);
        Array.Fill(c, 3);
        using Workers workers = new(threads);
        Action<int> work = share =>
        {
            (int start, int end) = workers.Share(Count, share, Vector256<float>.Count);
            Run(a.AsSpan(start, end - start), b.AsSpan(start, end - start), c.AsSpan(start, end - start));
        };
        double least = double.MaxValue;
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            workers.Run(work);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 3.0 * sizeof(float) * Count / least / 1e9;
    }

    private static void Run(Span<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c)
    {
        ref float to = ref MemoryMarshal.GetReference(a);
        ref float left = ref MemoryMarshal.GetReference(b);
        ref float right = ref MemoryMarshal.GetReference(c);
        Vector256<float> factor = Vector256.Create(0.5f);
        for (nuint i = 0; i + (nuint)Vector256<float>.Count <= (nuint)a.Length; i += (nuint)Vector256<float>.Count)
            (Vector256.LoadUnsafe(ref left, i) + factor * Vector256.LoadUnsafe(ref right, i)).StoreUnsafe(ref to, i);
    }
}
