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
        public V Value<V, S>(V a, V b)
            where V : struct
            where S : ISimd<V> => S.Multiply(S.Multiply(a, Elementary.Sigmoid<V, S>(a)), b);

        // d(a s)/da = s (1 + a (1 - s))
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Left<V, S>(V a, V b, V dy)
            where V : struct
            where S : ISimd<V>
        {
            V sigmoid = Elementary.Sigmoid<V, S>(a);
            V rest = S.FusedMultiplyAdd(a, S.Subtract(S.Broadcast(1f), sigmoid), S.Broadcast(1f));
            return S.Multiply(S.Multiply(dy, b), S.Multiply(sigmoid, rest));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Right<V, S>(V a, V b, V dy)
            where V : struct
            where S : ISimd<V> => S.Multiply(dy, S.Multiply(a, Elementary.Sigmoid<V, S>(a)));
    }
}
