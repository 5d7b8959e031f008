using System.Runtime.CompilerServices;
using Skiptune.Numerics.Simd;

namespace Skiptune.Numerics;

/// <summary>
/// a^b: exactly rounded products and roots for the exponents 1/2, 1, 2 and 3, otherwise e^(b ln |a|) with the sign of an
/// odd power, whose relative error grows to 2e-7 |b ln a|. A negative number to a broken power is NaN.
/// </summary>
internal readonly struct PowFunction : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V, S>(V a, V b)
        where V : struct
        where S : ISimd<V>
    {
        V power = Elementary.Exp<V, S>(S.Multiply(b, Elementary.Log<V, S>(S.Abs(a))));
        V half = S.Multiply(b, S.Broadcast(0.5f));
        V odd = S.Abs(S.Subtract(S.Floor(half), half));
        V broken = S.Abs(S.Subtract(S.Floor(b), b));
        V signed = S.Select(broken, S.Broadcast(float.NaN), S.Select(odd, S.Subtract(S.Broadcast(0f), power), power));
        power = S.Select(S.Subtract(S.Broadcast(0f), a), signed, power);
        V square = S.Multiply(a, a);
        power = WhereEqual<V, S>(b, 0, S.Broadcast(1f), power);
        power = WhereEqual<V, S>(b, 0.5f, S.Sqrt(a), power);
        power = WhereEqual<V, S>(b, 1, a, power);
        power = WhereEqual<V, S>(b, 2, square, power);
        return WhereEqual<V, S>(b, 3, S.Multiply(square, a), power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V>
    {
        V slope = S.Multiply(b, Value<V, S>(a, S.Subtract(b, S.Broadcast(1f))));
        return S.Multiply(dy, WhereEqual<V, S>(b, 0, S.Broadcast(0f), slope));
    }

    // Only a positive base changes smoothly with its exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V, S>(V a, V b, V dy)
        where V : struct
        where S : ISimd<V> => S.Select(a, S.Multiply(dy, S.Multiply(Value<V, S>(a, b), Elementary.Log<V, S>(a))), S.Broadcast(0f));

    // Only where x is exactly what is wanted lies the difference below the smallest number; a NaN never does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WhereEqual<V, S>(V x, float wanted, V then, V otherwise)
        where V : struct
        where S : ISimd<V> => S.Select(S.Subtract(S.Broadcast(float.Epsilon), S.Abs(S.Subtract(x, S.Broadcast(wanted)))), then, otherwise);
}
