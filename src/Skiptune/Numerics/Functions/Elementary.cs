using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>
/// e^x, ln x, tanh x and erf x from additions, products and fused products alone, so that every kernel form and every
/// machine gives the same bits. After the Cephes library (Moshier) unless said otherwise.
/// </summary>
internal static class Elementary
{
    /// <summary>e^x: relative error below 3e-7; 0 below -104, infinity above 88.73, NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ISimd<V>
    {
        // Beyond these the result is 0 or infinity anyway, and half of n stays an exponent.
        x = V.Min(V.Max(x, V.Broadcast(-104f)), V.Broadcast(89f));
        V n = V.Floor(V.FusedMultiplyAdd(x, V.Broadcast(Exponential.Log2E), V.Broadcast(0.5f)));
        V r = V.FusedMultiplyAdd(n, V.Broadcast(-Exponential.Ln2High), x);
        r = V.FusedMultiplyAdd(n, V.Broadcast(-Exponential.Ln2Low), r);
        V half = V.Floor(V.Multiply(n, V.Broadcast(0.5f)));
        V p = Polynomial<V>(r, Exponential.Coefficients);
        return V.Multiply(V.Multiply(p, V.PowerOfTwo(half)), V.PowerOfTwo(V.Subtract(n, half)));
    }

    /// <summary>ln x: error below 2e-7 of |ln x| or of |x - 1| near 1; -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, ISimd<V>
    {
        // x = m 2^e with m in sqrt(1/2) .. sqrt(2); a number below the normal ones is scaled up first.
        V small = V.Subtract(V.Broadcast(1.17549435e-38f), x);
        V scaled = V.Select(small, V.Multiply(x, V.Broadcast(33554432f)), x);
        V e = V.Subtract(V.Exponent(scaled), V.Select(small, V.Broadcast(25f), V.Broadcast(0f)));
        V m = V.Significand(scaled);
        V high = V.Subtract(m, V.Broadcast(1.41421356f));
        m = V.Subtract(V.Select(high, V.Multiply(m, V.Broadcast(0.5f)), m), V.Broadcast(1f));
        e = V.Select(high, V.Add(e, V.Broadcast(1f)), e);
        V square = V.Multiply(m, m);
        V y = V.Multiply(V.Multiply(Polynomial<V>(m, LogCoefficients), m), square);
        y = V.FusedMultiplyAdd(e, V.Broadcast(Exponential.Ln2Low), y);
        y = V.FusedMultiplyAdd(square, V.Broadcast(-0.5f), y);
        y = V.FusedMultiplyAdd(e, V.Broadcast(Exponential.Ln2High), V.Add(m, y));
        y = V.Select(V.Subtract(x, V.Broadcast(float.MaxValue)), x, y);
        // -1 / sqrt(0) is -infinity, and the root of a negative number NaN.
        return V.Select(x, y, V.Divide(V.Broadcast(-1f), V.Abs(V.Sqrt(x))));
    }

    /// <summary>tanh x: relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ISimd<V>
    {
        V size = V.Abs(x);
        V square = V.Multiply(x, x);
        V near = V.FusedMultiplyAdd(V.Multiply(Polynomial<V>(square, TanhCoefficients), square), x, x);
        V far = V.Subtract(V.Broadcast(1f), V.Divide(V.Broadcast(2f), V.Add(Exp<V>(V.Add(size, size)), V.Broadcast(1f))));
        return V.Select(V.Subtract(size, V.Broadcast(0.625f)), V.Select(x, far, V.Subtract(V.Broadcast(0f), far)), near);
    }

    /// <summary>1 / (1 + e^-x): error below 3e-7 of the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ISimd<V> =>
        V.Divide(V.Broadcast(1f), V.Add(V.Broadcast(1f), Exp<V>(V.Subtract(V.Broadcast(0f), x))));

    /// <summary>
    /// erf x: absolute error below 3e-7, and below 3e-7 of the value for |x| of 1 or less; beyond that formula 7.1.26 of
    /// Abramowitz and Stegun (1964).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, ISimd<V>
    {
        V size = V.Abs(x);
        V square = V.Multiply(x, x);
        V near = V.Multiply(x, Polynomial<V>(square, ErfCoefficients));
        V t = V.Divide(V.Broadcast(1f), V.FusedMultiplyAdd(size, V.Broadcast(0.3275911f), V.Broadcast(1f)));
        V tail = V.Multiply(V.Multiply(Polynomial<V>(t, ErfTailCoefficients), t), Exp<V>(V.Subtract(V.Broadcast(0f), square)));
        V far = V.Subtract(V.Broadcast(1f), tail);
        return V.Select(V.Subtract(size, V.Broadcast(1f)), V.Select(x, far, V.Subtract(V.Broadcast(0f), far)), near);
    }

    /// <summary>The polynomial with these coefficients, that of the highest power first (Horner, fused).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Polynomial<V>(V x, ReadOnlySpan<float> coefficients)
        where V : struct, ISimd<V>
    {
        V sum = V.Broadcast(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
            sum = V.FusedMultiplyAdd(sum, x, V.Broadcast(coefficients[i]));
        return sum;
    }

    private static ReadOnlySpan<float> LogCoefficients =>
    [
        7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f, -1.6668057665e-1f,
        2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f,
    ];

    private static ReadOnlySpan<float> TanhCoefficients =>
        [-5.70498872745e-3f, 2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f, -3.33332819422e-1f];

    private static ReadOnlySpan<float> ErfCoefficients =>
    [
        7.853861353153693e-5f, -8.010193625184903e-4f, 5.188327685732524e-3f, -2.685381193529856e-2f, 1.128358514861418e-1f,
        -3.761262582423300e-1f, 1.128379165726710f,
    ];

    private static ReadOnlySpan<float> ErfTailCoefficients => [1.061405429f, -1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f];
}
