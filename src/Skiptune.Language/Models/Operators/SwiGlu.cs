using System.Runtime.CompilerServices;
using Skiptune.Networks;
using Skiptune.Numerics;
using Skiptune.Numerics.Simd;

namespace Skiptune.Language.Models.Operators;

/// <summary>y = a sigmoid(a) * b (Shazeer, 2020). Inputs: a, b of one shape.</summary>
internal sealed record SwiGlu : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "SwiGlu";

    internal override BoundOp Bind(BindContext context) => Bind(default(Function), context);

    private readonly struct Function : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Value<V>(V a, V b)
            where V : struct, ISimd<V> => V.Multiply(V.Multiply(a, Elementary.Sigmoid<V>(a)), b);

        // d(a s)/da = s (1 + a (1 - s))
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Left<V>(V a, V b, V dy)
            where V : struct, ISimd<V>
        {
            V sigmoid = Elementary.Sigmoid<V>(a);
            V rest = V.FusedMultiplyAdd(a, V.Subtract(V.Broadcast(1f), sigmoid), V.Broadcast(1f));
            return V.Multiply(V.Multiply(dy, b), V.Multiply(sigmoid, rest));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Right<V>(V a, V b, V dy)
            where V : struct, ISimd<V> => V.Multiply(dy, V.Multiply(a, Elementary.Sigmoid<V>(a)));
    }
}
