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
        128 when Vector128.IsHardwareAccelerated => Best<Vector128<float>, Simd128>(bursts),
        256 when Vector256.IsHardwareAccelerated => Best<Vector256<float>, Simd256>(bursts),
        512 when Vector512.IsHardwareAccelerated => Best<Vector512<float>, Simd512>(bursts),
        _ => null,
    };

    private static double Best<V, S>(int bursts)
        where V : struct
        where S : ISimd<V>
    {
        double least = double.MaxValue;
        for (int i = 0; i < bursts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Burst<V, S>(Steps);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Chains * S.Width * Steps / least / 1e9;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float Burst<V, S>(int steps)
        where V : struct
        where S : ISimd<V>
    {
        V x = S.Broadcast(0.999f), y = S.Broadcast(0.001f);
        V a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x, a10 = x, a11 = x;
        for (int i = 0; i < steps; i++)
        {
            a0 = S.FusedMultiplyAdd(a0, x, y);
            a1 = S.FusedMultiplyAdd(a1, x, y);
            a2 = S.FusedMultiplyAdd(a2, x, y);
            a3 = S.FusedMultiplyAdd(a3, x, y);
            a4 = S.FusedMultiplyAdd(a4, x, y);
            a5 = S.FusedMultiplyAdd(a5, x, y);
            a6 = S.FusedMultiplyAdd(a6, x, y);
            a7 = S.FusedMultiplyAdd(a7, x, y);
            a8 = S.FusedMultiplyAdd(a8, x, y);
            a9 = S.FusedMultiplyAdd(a9, x, y);
            a10 = S.FusedMultiplyAdd(a10, x, y);
            a11 = S.FusedMultiplyAdd(a11, x, y);
        }
        V sum = S.Add(S.Add(S.Add(a0, a1), S.Add(a2, a3)), S.Add(S.Add(a4, a5), S.Add(a6, a7)));
        return S.SumLanes(S.Add(sum, S.Add(S.Add(a8, a9), S.Add(a10, a11))));
    }
}
