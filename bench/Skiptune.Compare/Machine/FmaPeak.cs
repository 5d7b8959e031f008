using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Skiptune.Numerics.Simd;

namespace Skiptune.Compare.Machine;

/// <summary>
/// The most multiply-adds that one core does: twelve chains that do not wait for each other, all in registers. The
/// methods call nothing, because vectors do not survive calls in registers.
/// </summary>
internal static class FmaPeak
{
    private const int Chains = 12;
    private const int Steps = 20_000;

    /// <summary>In GFLOP/s at a width of 128, 256 or 512 bits (a multiply-add counts two); null where the machine lacks it.</summary>
    public static double? Measure(int bits, int bursts) => bits switch
    {
        128 when Vector128.IsHardwareAccelerated => Best<Simd128>(bursts),
        256 when Vector256.IsHardwareAccelerated => Best<Simd256>(bursts),
        512 when Vector512.IsHardwareAccelerated => Best<Simd512>(bursts),
        _ => null,
    };

    private static double Best<V>(int bursts)
        where V : struct, ISimd<V>
    {
        double least = double.MaxValue;
        for (int i = 0; i < bursts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Burst<V>(Steps);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Chains * V.Width * Steps / least / 1e9;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Burst<V>(int steps)
        where V : struct, ISimd<V>
    {
        V x = V.Broadcast(0.999f), y = V.Broadcast(0.001f);
        V a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < steps; i++)
        {
            V.MultiplyAdd(ref a0, x, y);
            V.MultiplyAdd(ref a1, x, y);
            V.MultiplyAdd(ref a2, x, y);
            V.MultiplyAdd(ref a3, x, y);
            V.MultiplyAdd(ref a4, x, y);
            V.MultiplyAdd(ref a5, x, y);
            V.MultiplyAdd(ref a6, x, y);
            V.MultiplyAdd(ref a7, x, y);
            V.MultiplyAdd(ref a8, x, y);
            V.MultiplyAdd(ref a9, x, y);
            V.MultiplyAdd(ref a10, x, y);
            V.MultiplyAdd(ref a11, x, y);
        }
        V sum = V.Add(V.Add(V.Add(a0, a1), V.Add(a2, a3)), V.Add(V.Add(a4, a5), V.Add(a6, a7)));
        return V.SumLanes(V.Add(sum, V.Add(V.Add(a8, a9), V.Add(a10, a11))));
    }
}
