using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>1 / (1 + e^-x).</summary>
internal readonly struct SigmoidFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => Elementary.Sigmoid<V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, V.Multiply(y, V.Subtract(V.Broadcast(1f), y)));
}

/// <summary>tanh x.</summary>
internal readonly struct TanhFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => Elementary.Tanh<V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, V.FusedMultiplyAdd(V.Subtract(V.Broadcast(0f), y), y, V.Broadcast(1f)));
}

/// <summary>x where x is above 0, slope x elsewhere.</summary>
internal readonly struct LeakyReluFunction(float slope) : IUnaryFunction
{
    private readonly float _slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Select(x, x, V.Multiply(x, V.Broadcast(_slope)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Select(x, dy, V.Multiply(dy, V.Broadcast(_slope)));
}

/// <summary>x where x is above 0, scale (e^x - 1) elsewhere.</summary>
internal readonly struct EluFunction(float scale) : IUnaryFunction
{
    private readonly float _scale = scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Select(x, x, V.Multiply(V.Broadcast(_scale), V.Subtract(Elementary.Exp<V>(x), V.Broadcast(1f))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Select(x, dy, V.Multiply(dy, V.Add(y, V.Broadcast(_scale))));
}

/// <summary>x within two limits; no gradient passes at or beyond them.</summary>
internal readonly struct ClipFunction(float min, float max) : IUnaryFunction
{
    private readonly float _min = min;
    private readonly float _max = max;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Lower(V.Raise(x, V.Broadcast(_min)), V.Broadcast(_max));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.WherePositive(V.Subtract(x, V.Broadcast(_min)), V.WherePositive(V.Subtract(V.Broadcast(_max), x), dy));
}

/// <summary>slope x + offset within 0 and 1.</summary>
internal readonly struct HardSigmoidFunction(float slope, float offset) : IUnaryFunction
{
    private readonly float _slope = slope;
    private readonly float _offset = offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Lower(V.Raise(V.FusedMultiplyAdd(x, V.Broadcast(_slope), V.Broadcast(_offset)), V.Broadcast(0f)), V.Broadcast(1f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.WherePositive(V.Multiply(y, V.Subtract(V.Broadcast(1f), y)), V.Multiply(dy, V.Broadcast(_slope)));
}

/// <summary>x min(max(x / 6 + 1/2, 0), 1).</summary>
internal readonly struct HardSwishFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Multiply(x, Gate<V>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        V gate = Gate<V>(x);
        V inside = V.WherePositive(V.Multiply(gate, V.Subtract(V.Broadcast(1f), gate)), V.Multiply(x, V.Broadcast(1f / 6)));
        return V.Multiply(dy, V.Add(gate, inside));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Gate<V>(V x)
        where V : struct, ISimd<V> =>
        V.Lower(V.Raise(V.FusedMultiplyAdd(x, V.Broadcast(1f / 6), V.Broadcast(0.5f)), V.Broadcast(0f)), V.Broadcast(1f));
}

/// <summary>ln(1 + e^x), which is x for large x.</summary>
internal readonly struct SoftplusFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V>
    {
        // max(x, 0) + ln(1 + e^-|x|) never overflows.
        V tail = Elementary.Exp<V>(V.Subtract(V.Broadcast(0f), V.Abs(x)));
        return V.Add(V.Raise(x, V.Broadcast(0f)), Elementary.Log<V>(V.Add(V.Broadcast(1f), tail)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, Elementary.Sigmoid<V>(x));
}

/// <summary>x Phi(x), with the normal distribution function Phi by erf.</summary>
internal readonly struct GeluFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Multiply(x, Phi<V>(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        // Phi(x) + x phi(x).
        V density = V.Multiply(V.Broadcast(0.398942280f), Elementary.Exp<V>(V.Multiply(V.Broadcast(-0.5f), V.Multiply(x, x))));
        return V.Multiply(dy, V.FusedMultiplyAdd(x, density, Phi<V>(x)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Phi<V>(V x)
        where V : struct, ISimd<V> =>
        V.FusedMultiplyAdd(V.Broadcast(0.5f), Elementary.Erf<V>(V.Multiply(x, V.Broadcast(0.707106781f))), V.Broadcast(0.5f));
}

/// <summary>x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanhFunction : IUnaryFunction
{
    private const float Root = 0.797884561f;

    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Multiply(V.Multiply(V.Broadcast(0.5f), x), V.Add(V.Broadcast(1f), Elementary.Tanh<V>(Inner<V>(x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V>
    {
        // (1 + t) / 2 + x (1 - t^2) u' / 2 with t = tanh u.
        V t = Elementary.Tanh<V>(Inner<V>(x));
        V slope = V.FusedMultiplyAdd(V.Multiply(x, x), V.Broadcast(3 * Cubic * Root), V.Broadcast(Root));
        V change = V.Multiply(V.Multiply(x, slope), V.FusedMultiplyAdd(V.Subtract(V.Broadcast(0f), t), t, V.Broadcast(1f)));
        return V.Multiply(V.Multiply(dy, V.Broadcast(0.5f)), V.Add(V.Add(V.Broadcast(1f), t), change));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V>(V x)
        where V : struct, ISimd<V> =>
        V.Multiply(x, V.FusedMultiplyAdd(V.Multiply(x, x), V.Broadcast(Cubic * Root), V.Broadcast(Root)));
}
