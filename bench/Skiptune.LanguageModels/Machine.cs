using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Skiptune.Compare.Machine;
using Skiptune.Numerics;

namespace Skiptune.LanguageModels;

/// <summary>What this machine can do at best, which times are shares of.</summary>
internal static partial class Machine
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
        const int Bursts = 500;
        using Workers workers = new();
        double[] peaks = new double[workers.Count];
        workers.Run(share => peaks[share] = FmaPeak.Measure(512, Bursts) ?? FmaPeak.Measure(256, Bursts) ?? FmaPeak.Measure(128, Bursts) ?? double.NaN);
        return 1e9 * peaks.Sum();
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

    private static double Best(Action work) => Enumerable.Range(0, Passes).Min(_ => Seconds(work));

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
