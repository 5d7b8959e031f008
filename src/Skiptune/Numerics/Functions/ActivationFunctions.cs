using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct SigmoidFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => Elementary.Sigmoid<V, S>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, S.Multiply(y, S.Subtract(S.Broadcast(1f), y)));
}

/// <summary>tanh x.</summary>
internal readonly struct TanhFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => Elementary.Tanh<V, S>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, S.FusedMultiplyAdd(S.Subtract(S.Broadcast(0f), y), y, S.Broadcast(1f)));
}

/// <summary>x where x is above 0, slope x elsewhere.</summary>
internal readonly struct LeakyReluFunction(float slope) : IUnaryFunction
{
    private readonly float _slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Select(x, x, S.Multiply(x, S.Broadcast(_slope)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(x, dy, S.Multiply(dy, S.Broadcast(_slope)));
}

/// <summary>x where x is above 0, scale (e^x - 1) elsewhere.</summary>
internal readonly struct EluFunction(float scale) : IUnaryFunction
{
    private readonly float _scale = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Select(x, x, S.Multiply(S.Broadcast(_scale), S.Subtract(Elementary.Exp<V, S>(x), S.Broadcast(1f))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(x, dy, S.Multiply(dy, S.Add(y, S.Broadcast(_scale))));
}

/// <summary>x within two limits; no gradient passes at or beyond them.</summary>
internal readonly struct ClipFunction(float min, float max) : IUnaryFunction
{
    private readonly float _min = min;
    private readonly float _max = max;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Lower(S.Raise(x, S.Broadcast(_min)), S.Broadcast(_max));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.WherePositive(S.Subtract(x, S.Broadcast(_min)), S.WherePositive(S.Subtract(S.Broadcast(_max), x), dy));
}

/// <summary>slope x + offset within 0 and 1.</summary>
internal readonly struct HardSigmoidFunction(float slope, float offset) : IUnaryFunction
{
    private readonly float _slope = slope;
    private readonly float _offset = offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Lower(S.Raise(S.FusedMultiplyAdd(x, S.Broadcast(_slope), S.Broadcast(_offset)), S.Broadcast(0f)), S.Broadcast(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.WherePositive(S.Multiply(y, S.Subtract(S.Broadcast(1f), y)), S.Multiply(dy, S.Broadcast(_slope)));
}

/// <summary>x min(max(x / 6 + 1/2, 0), 1).</summary>
internal readonly struct HardSwishFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Multiply(x, Gate<V, S>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V>
    {
        V gate = Gate<V, S>(x);
        V inside = S.WherePositive(S.Multiply(gate, S.Subtract(S.Broadcast(1f), gate)), S.Multiply(x, S.Broadcast(1f / 6)));
        return S.Multiply(dy, S.Add(gate, inside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Gate<V, S>(V x)
        where V : struct
        where S : ISimd<V> =>
        S.Lower(S.Raise(S.FusedMultiplyAdd(x, S.Broadcast(1f / 6), S.Broadcast(0.5f)), S.Broadcast(0f)), S.Broadcast(1f));
}

/// <summary>ln(1 + e^x), which is x for large x.</summary>
internal readonly struct SoftplusFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V>
    {
        // max(x, 0) + ln(1 + e^-|x|) never overflows.
        V tail = Elementary.Exp<V, S>(S.Subtract(S.Broadcast(0f), S.Abs(x)));
        return S.Add(S.Raise(x, S.Broadcast(0f)), Elementary.Log<V, S>(S.Add(S.Broadcast(1f), tail)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, Elementary.Sigmoid<V, S>(x));
}

/// <summary>x Phi(x), with the normal distribution function Phi by erf.</summary>
internal readonly struct GeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Multiply(x, Phi<V, S>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V>
    {
        // Phi(x) + x phi(x).
        V density = S.Multiply(S.Broadcast(0.398942280f), Elementary.Exp<V, S>(S.Multiply(S.Broadcast(-0.5f), S.Multiply(x, x))));
        return S.Multiply(dy, S.FusedMultiplyAdd(x, density, Phi<V, S>(x)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Phi<V, S>(V x)
        where V : struct
        where S : ISimd<V> =>
        S.FusedMultiplyAdd(S.Broadcast(0.5f), Elementary.Erf<V, S>(S.Multiply(x, S.Broadcast(0.707106781f))), S.Broadcast(0.5f));
}

/// <summary>x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanhFunction : IUnaryFunction
{
    private const float Root = 0.797884561f;

    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Multiply(S.Multiply(S.Broadcast(0.5f), x), S.Add(S.Broadcast(1f), Elementary.Tanh<V, S>(Inner<V, S>(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V>
    {
        // (1 + t) / 2 + x (1 - t^2) u' / 2 with t = tanh u.
        V t = Elementary.Tanh<V, S>(Inner<V, S>(x));
        V slope = S.FusedMultiplyAdd(S.Multiply(x, x), S.Broadcast(3 * Cubic * Root), S.Broadcast(Root));
        V change = S.Multiply(S.Multiply(x, slope), S.FusedMultiplyAdd(S.Subtract(S.Broadcast(0f), t), t, S.Broadcast(1f)));
        return S.Multiply(S.Multiply(dy, S.Broadcast(0.5f)), S.Add(S.Add(S.Broadcast(1f), t), change));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V, S>(V x)
        where V : struct
        where S : ISimd<V> =>
        S.Multiply(x, S.FusedMultiplyAdd(S.Multiply(x, x), S.Broadcast(Cubic * Root), S.Broadcast(Root)));
}
