using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>a + b.</summary>
internal readonly struct AddFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Add(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => dy;
}

/// <summary>a - b.</summary>
internal readonly struct SubFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Subtract(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Subtract(V.Broadcast(-0f), dy);
}

/// <summary>a b.</summary>
internal readonly struct MulFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Multiply(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Multiply(dy, a);
}

/// <summary>a / b.</summary>
internal readonly struct DivFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Divide(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Divide(dy, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Subtract(V.Broadcast(-0f), V.Divide(V.Multiply(dy, V.Divide(a, b)), b));
}

/// <summary>The larger; of equals, the gradient goes to a.</summary>
internal readonly struct MaxFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Select(V.Subtract(b, a), V.Broadcast(0f), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.WherePositive(V.Subtract(b, a), dy);
}

/// <summary>The smaller; of equals, the gradient goes to a.</summary>
internal readonly struct MinFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Select(V.Subtract(a, b), V.Broadcast(0f), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.WherePositive(V.Subtract(a, b), dy);
}

/// <summary>a where a is above 0, a b elsewhere.</summary>
internal readonly struct PReluFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V> => V.Select(a, a, V.Multiply(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Select(a, dy, V.Multiply(dy, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Select(a, V.Broadcast(0f), V.Multiply(dy, a));
}
