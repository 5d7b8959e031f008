using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>e^x.</summary>
internal readonly struct ExpFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => Elementary.Exp<V, S>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, y);
}

/// <summary>The natural logarithm.</summary>
internal readonly struct LogFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => Elementary.Log<V, S>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Divide(dy, x);
}

/// <summary>The square root.</summary>
internal readonly struct SqrtFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Divide(S.Multiply(dy, S.Broadcast(0.5f)), y);
}

/// <summary>The error function.</summary>
internal readonly struct ErfFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => Elementary.Erf<V, S>(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(S.Multiply(dy, S.Broadcast(1.12837917f)), Elementary.Exp<V, S>(S.Subtract(S.Broadcast(0f), S.Multiply(x, x))));
}

/// <summary>-x.</summary>
internal readonly struct NegFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.Broadcast(-0f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.Broadcast(-0f), dy);
}

/// <summary>|x|; no gradient passes at 0.</summary>
internal readonly struct AbsFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.WherePositive(x, dy), S.WherePositive(S.Subtract(S.Broadcast(0f), x), dy));
}

/// <summary>1 / x.</summary>
internal readonly struct ReciprocalFunction : IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V x)
        where V : struct
        where S : ISimd<V> => S.Divide(S.Broadcast(1f), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V, S>(V x, V y, V dy)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.Broadcast(0f), S.Multiply(dy, S.Multiply(y, y)));
}
