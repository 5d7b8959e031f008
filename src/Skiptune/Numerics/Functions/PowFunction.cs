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
    public V Value<V>(V a, V b)
        where V : struct, ISimd<V>
    {
        V power = Elementary.Exp<V>(V.Multiply(b, Elementary.Log<V>(V.Abs(a))));
        V half = V.Multiply(b, V.Broadcast(0.5f));
        V odd = V.Abs(V.Subtract(V.Floor(half), half));
        V broken = V.Abs(V.Subtract(V.Floor(b), b));
        V signed = V.Select(broken, V.Broadcast(float.NaN), V.Select(odd, V.Subtract(V.Broadcast(0f), power), power));
        power = V.Select(V.Subtract(V.Broadcast(0f), a), signed, power);
        V square = V.Multiply(a, a);
        power = WhereEqual<V>(b, 0, V.Broadcast(1f), power);
        power = WhereEqual<V>(b, 0.5f, V.Sqrt(a), power);
        power = WhereEqual<V>(b, 1, a, power);
        power = WhereEqual<V>(b, 2, square, power);
        return WhereEqual<V>(b, 3, V.Multiply(square, a), power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V a, V b, V dy)
        where V : struct, ISimd<V>
    {
        V slope = V.Multiply(b, Value<V>(a, V.Subtract(b, V.Broadcast(1f))));
        return V.Multiply(dy, WhereEqual<V>(b, 0, V.Broadcast(0f), slope));
    }

    // Only a positive base changes smoothly with its exponent.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V a, V b, V dy)
        where V : struct, ISimd<V> => V.Select(a, V.Multiply(dy, V.Multiply(Value<V>(a, b), Elementary.Log<V>(a))), V.Broadcast(0f));

    // Only where x is exactly what is wanted lies the difference below the smallest number; a NaN never does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WhereEqual<V>(V x, float wanted, V then, V otherwise)
        where V : struct, ISimd<V> => V.Select(V.Subtract(V.Broadcast(float.Epsilon), V.Abs(V.Subtract(x, V.Broadcast(wanted)))), then, otherwise);
}
