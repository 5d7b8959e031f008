using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>a + b.</summary>
internal readonly struct AddFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Add(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => dy;
}

/// <summary>a - b.</summary>
internal readonly struct SubFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Subtract(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => dy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.Broadcast(-0f), dy);
}

/// <summary>a b.</summary>
internal readonly struct MulFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Multiply(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Multiply(dy, a);
}

/// <summary>a / b.</summary>
internal readonly struct DivFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Divide(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Divide(dy, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Subtract(S.Broadcast(-0f), S.Divide(S.Multiply(dy, S.Divide(a, b)), b));
}

/// <summary>The larger; of equals, the gradient goes to a.</summary>
internal readonly struct MaxFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(S.Subtract(b, a), S.Broadcast(0f), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.WherePositive(S.Subtract(b, a), dy);
}

/// <summary>The smaller; of equals, the gradient goes to a.</summary>
internal readonly struct MinFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(S.Subtract(a, b), S.Broadcast(0f), dy);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.WherePositive(S.Subtract(a, b), dy);
}

/// <summary>a where a is above 0, a b elsewhere.</summary>
internal readonly struct PReluFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V> => S.Select(a, a, S.Multiply(a, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(a, dy, S.Multiply(dy, b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(a, S.Broadcast(0f), S.Multiply(dy, a));
}
