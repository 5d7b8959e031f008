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
    public static V Exp<V, S>(V x)
        where V : struct
        where S : ISimd<V>
    {
        // Beyond these the result is 0 or infinity anyway, and half of n stays an exponent.
        x = S.Min(S.Max(x, S.Broadcast(-104f)), S.Broadcast(89f));
        V n = S.Floor(S.FusedMultiplyAdd(x, S.Broadcast(Exponential.Log2E), S.Broadcast(0.5f)));
        V r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2High), x);
        r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2Low), r);
        V half = S.Floor(S.Multiply(n, S.Broadcast(0.5f)));
        V p = Polynomial<V, S>(r, Exponential.Coefficients);
        return S.Multiply(S.Multiply(p, S.PowerOfTwo(half)), S.PowerOfTwo(S.Subtract(n, half)));
    }

    /// <summary>ln x: error below 2e-7 of |ln x| or of |x - 1| near 1; -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, S>(V x)
        where V : struct
        where S : ISimd<V>
    {
        // x = m 2^e with m in sqrt(1/2) .. sqrt(2); a number below the normal ones is scaled up first.
        V small = S.Subtract(S.Broadcast(1.17549435e-38f), x);
        V scaled = S.Select(small, S.Multiply(x, S.Broadcast(33554432f)), x);
        V e = S.Subtract(S.Exponent(scaled), S.Select(small, S.Broadcast(25f), S.Broadcast(0f)));
        V m = S.Significand(scaled);
        V high = S.Subtract(m, S.Broadcast(1.41421356f));
        m = S.Subtract(S.Select(high, S.Multiply(m, S.Broadcast(0.5f)), m), S.Broadcast(1f));
        e = S.Select(high, S.Add(e, S.Broadcast(1f)), e);
        V square = S.Multiply(m, m);
        V y = S.Multiply(S.Multiply(Polynomial<V, S>(m, LogCoefficients), m), square);
        y = S.FusedMultiplyAdd(e, S.Broadcast(Exponential.Ln2Low), y);
        y = S.FusedMultiplyAdd(square, S.Broadcast(-0.5f), y);
        y = S.FusedMultiplyAdd(e, S.Broadcast(Exponential.Ln2High), S.Add(m, y));
        y = S.Select(S.Subtract(x, S.Broadcast(float.MaxValue)), x, y);
        // -1 / sqrt(0) is -infinity, and the root of a negative number NaN.
        return S.Select(x, y, S.Divide(S.Broadcast(-1f), S.Abs(S.Sqrt(x))));
    }

    /// <summary>tanh x: relative error below 3e-7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V, S>(V x)
        where V : struct
        where S : ISimd<V>
    {
        V size = S.Abs(x);
        V square = S.Multiply(x, x);
        V near = S.FusedMultiplyAdd(S.Multiply(Polynomial<V, S>(square, TanhCoefficients), square), x, x);
        V far = S.Subtract(S.Broadcast(1f), S.Divide(S.Broadcast(2f), S.Add(Exp<V, S>(S.Add(size, size)), S.Broadcast(1f))));
        return S.Select(S.Subtract(size, S.Broadcast(0.625f)), S.Select(x, far, S.Subtract(S.Broadcast(0f), far)), near);
    }

    /// <summary>1 / (1 + e^-x): error below 3e-7 of the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V, S>(V x)
        where V : struct
        where S : ISimd<V> =>
        S.Divide(S.Broadcast(1f), S.Add(S.Broadcast(1f), Exp<V, S>(S.Subtract(S.Broadcast(0f), x))));

    /// <summary>
    /// erf x: absolute error below 3e-7, and below 3e-7 of the value for |x| of 1 or less; beyond that formula 7.1.26 of
    /// Abramowitz and Stegun (1964).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V, S>(V x)
        where V : struct
        where S : ISimd<V>
    {
        V size = S.Abs(x);
        V square = S.Multiply(x, x);
        V near = S.Multiply(x, Polynomial<V, S>(square, ErfCoefficients));
        V t = S.Divide(S.Broadcast(1f), S.FusedMultiplyAdd(size, S.Broadcast(0.3275911f), S.Broadcast(1f)));
        V tail = S.Multiply(S.Multiply(Polynomial<V, S>(t, ErfTailCoefficients), t), Exp<V, S>(S.Subtract(S.Broadcast(0f), square)));
        V far = S.Subtract(S.Broadcast(1f), tail);
        return S.Select(S.Subtract(size, S.Broadcast(1f)), S.Select(x, far, S.Subtract(S.Broadcast(0f), far)), near);
    }

    /// <summary>The polynomial with these coefficients, that of the highest power first (Horner, fused).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Polynomial<V, S>(V x, ReadOnlySpan<float> coefficients)
        where V : struct
        where S : ISimd<V>
    {
        V sum = S.Broadcast(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
            sum = S.FusedMultiplyAdd(sum, x, S.Broadcast(coefficients[i]));
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
