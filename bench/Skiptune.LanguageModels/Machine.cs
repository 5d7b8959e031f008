using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Skiptune.Numerics;
using Skiptune.Numerics.Simd;

namespace Skiptune.LanguageModels;

/// <summary>What this machine can do at best, which times are shares of.</summary>
internal static unsafe partial class Machine
{
    private const int Passes = 20;

    /// <summary>Bytes a second that all threads together read from memory that no cache holds.</summary>
    public static double Bandwidth()
    {
        float[] values = new float[1 << 26];
        // Pages that were never written are all one page.
        values.AsSpan().Fill(1);
        using Workers workers = new();
        float[] sums = new float[workers.Count];
        return sizeof(float) * (double)values.Length / Best(() => workers.Run(share =>
        {
            (int start, int end) = workers.Share(values.Length, share);
            sums[share] = TensorPrimitives.Sum<float>(values.AsSpan(start, end - start));
        }));
    }

    /// <summary>Floating-point operations a second of fused multiply-adds between registers, all threads together.</summary>
    public static double Peak()
    {
        const int Steps = 1 << 22;
        using Workers workers = new();
        float[] sums = new float[workers.Count];
        (int width, Func<int, float> run) = Vector512.IsHardwareAccelerated ? (16, Chains<Vector512<float>, Simd512>)
            : Vector256.IsHardwareAccelerated ? (8, Chains<Vector256<float>, Simd256>)
            : (4, (Func<int, float>)Chains<Vector128<float>, Simd128>);
        return 2.0 * ChainCount * width * Steps * workers.Count / Best(() => workers.Run(share => sums[share] = run(Steps)));
    }

    /// <summary>Makes the system forget what it holds of a file in memory; without effect where there is no such call.</summary>
    public static void Forget(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        const int DontNeed = 4;
        using FileStream file = File.OpenRead(path);
        if (Advise(file.SafeFileHandle.DangerousGetHandle().ToInt32(), 0, 0, DontNeed) != 0)
            throw new IOException($"{path}: the system keeps it in memory");
    }

    public static double Seconds(Action work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private const int ChainCount = 12;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains<V, S>(int steps)
        where V : struct
        where S : ISimd<V>
    {
        V a = S.Broadcast(1);
        V b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
        V factor = S.Broadcast(0.999f);
        for (int step = 0; step < steps; step++)
        {
            a = S.FusedMultiplyAdd(a, factor, factor);
            b = S.FusedMultiplyAdd(b, factor, factor);
            c = S.FusedMultiplyAdd(c, factor, factor);
            d = S.FusedMultiplyAdd(d, factor, factor);
            e = S.FusedMultiplyAdd(e, factor, factor);
            f = S.FusedMultiplyAdd(f, factor, factor);
            g = S.FusedMultiplyAdd(g, factor, factor);
            h = S.FusedMultiplyAdd(h, factor, factor);
            i = S.FusedMultiplyAdd(i, factor, factor);
            j = S.FusedMultiplyAdd(j, factor, factor);
            k = S.FusedMultiplyAdd(k, factor, factor);
            l = S.FusedMultiplyAdd(l, factor, factor);
        }
        V sum = S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(e, f), S.Add(g, h)));
        return S.SumLanes(S.Add(sum, S.Add(S.Add(i, j), S.Add(k, l))));
    }

    private static double Best(Action work) => Enumerable.Range(0, Passes).Min(_ => Seconds(work));

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
