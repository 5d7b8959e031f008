using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>y = f(x).</summary>
internal readonly struct UnaryValue<F>(F function) : IFunction
    where F : struct, IUnaryFunction
{
    private readonly F _function = function;

    public static int Sources => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V> => _function.Value<V>(first);
}

/// <summary>dx from x, y and dy.</summary>
internal readonly struct UnaryGradient<F>(F function) : IFunction
    where F : struct, IUnaryFunction
{
    private readonly F _function = function;

    public static int Sources => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V> => _function.Gradient<V>(first, second, third);
}

/// <summary>y = f(a, b).</summary>
internal readonly struct BinaryValue<F>(F function) : IFunction
    where F : struct, IBinaryFunction
{
    private readonly F _function = function;

    public static int Sources => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V> => _function.Value<V>(first, second);
}

/// <summary>da from a, b and dy.</summary>
internal readonly struct LeftGradient<F>(F function) : IFunction
    where F : struct, IBinaryFunction
{
    private readonly F _function = function;

    public static int Sources => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V> => _function.Left<V>(first, second, third);
}

/// <summary>db from a, b and dy.</summary>
internal readonly struct RightGradient<F>(F function) : IFunction
    where F : struct, IBinaryFunction
{
    private readonly F _function = function;

    public static int Sources => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V first, V second, V third)
        where V : struct, ISimd<V> => _function.Right<V>(first, second, third);
}
