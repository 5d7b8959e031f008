using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>e^x.</summary>
internal readonly struct ExpFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => Elementary.Exp<V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, y);
}

/// <summary>The natural logarithm.</summary>
internal readonly struct LogFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => Elementary.Log<V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Divide(dy, x);
}

/// <summary>The square root.</summary>
internal readonly struct SqrtFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Divide(V.Multiply(dy, V.Broadcast(0.5f)), y);
}

/// <summary>The error function.</summary>
internal readonly struct ErfFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => Elementary.Erf<V>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Multiply(V.Multiply(dy, V.Broadcast(1.12837917f)), Elementary.Exp<V>(V.Subtract(V.Broadcast(0f), V.Multiply(x, x))));
}

/// <summary>-x.</summary>
internal readonly struct NegFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Subtract(V.Broadcast(-0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Subtract(V.Broadcast(-0f), dy);
}

/// <summary>|x|; no gradient passes at 0.</summary>
internal readonly struct AbsFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Subtract(V.WherePositive(x, dy), V.WherePositive(V.Subtract(V.Broadcast(0f), x), dy));
}

/// <summary>1 / x.</summary>
internal readonly struct ReciprocalFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, ISimd<V> => V.Divide(V.Broadcast(1f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V x, V y, V dy)
        where V : struct, ISimd<V> => V.Subtract(V.Broadcast(0f), V.Multiply(dy, V.Multiply(y, y)));
}
