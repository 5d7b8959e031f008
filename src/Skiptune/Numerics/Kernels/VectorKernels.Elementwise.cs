using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V>
{
    /// <summary>An operation on up to three sources and what the destination holds.</summary>
    private interface IOperator
    {
        /// <summary>How many of the sources are read.</summary>
        static abstract int Sources { get; }

        V Invoke(V first, V second, V third);
    }

    internal override void Relu(ReadOnlySpan<float> source, Span<float> destination) =>
        Map<ReluOperator>(default, destination, source);

    internal override void ReluBackward(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> destination, bool accumulate)
    {
        if (accumulate)
            Map<AddWherePositiveOperator>(default, destination, output, outputGradient, destination);
        else
            Map<WherePositiveOperator>(default, destination, output, outputGradient);
    }

    internal override void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination) =>
        Map<AddOperator>(default, destination, left, right);

    internal override void Scale(ReadOnlySpan<float> source, float factor, Span<float> destination) =>
        Map(new ScaleOperator(factor), destination, source);

    internal override void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> destination) =>
        Map(new AddScaledOperator(factor), destination, source, destination);

    internal override void MultiplyAdd(ReadOnlySpan<float> source, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset, Span<float> destination) =>
        Map<MultiplyAddOperator>(default, destination, source, factor, offset);

    internal override void MultiplyAdd(ReadOnlySpan<float> source, float factor, float offset, Span<float> destination) =>
        Map(new AffineOperator(factor, offset), destination, source);

    [MethodImpl(KernelCode.Optimized)]
    private static void Map<TOperator>(
        TOperator op, Span<float> destination, ReadOnlySpan<float> first, ReadOnlySpan<float> second = default, ReadOnlySpan<float> third = default)
        where TOperator : struct, IOperator
    {
        CheckLengths(destination.Length, first.Length, TOperator.Sources > 1 ? second.Length : -1, TOperator.Sources > 2 ? third.Length : -1);
        ref float to = ref Start(destination);
        ref float a = ref Start(first);
        ref float b = ref Start(second);
        ref float c = ref Start(third);
        int length = destination.Length;
        if (length < V.Width)
        {
            if (length > 0)
                StorePartial(Apply(op, ref a, ref b, ref c, 0, length), ref to, 0, length);
            return;
        }
        // The last vector overlaps the one before; it is computed first, from sources nothing has overwritten yet.
        nuint last = (nuint)(length - V.Width);
        V end = Apply(op, ref a, ref b, ref c, last, V.Width);
        for (nuint at = 0; at < last; at += (nuint)V.Width)
            V.Store(Apply(op, ref a, ref b, ref c, at, V.Width), ref to, at);
        V.Store(end, ref to, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Apply<TOperator>(TOperator op, ref float a, ref float b, ref float c, nuint at, int count)
        where TOperator : struct, IOperator
    {
        V x = Load(ref a, at, count);
        V y = TOperator.Sources > 1 ? Load(ref b, at, count) : x;
        V z = TOperator.Sources > 2 ? Load(ref c, at, count) : x;
        return op.Invoke(x, y, z);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(ref float source, nuint at, int count) => count == V.Width ? V.Load(ref source, at) : LoadPartial(ref source, at, count);

    private readonly struct ReluOperator : IOperator
    {
        public static int Sources => 1;

        public V Invoke(V first, V second, V third) => V.Raise(first, V.Broadcast(0));
    }

    private readonly struct WherePositiveOperator : IOperator
    {
        public static int Sources => 2;

        public V Invoke(V first, V second, V third) => V.WherePositive(first, second);
    }

    private readonly struct AddWherePositiveOperator : IOperator
    {
        public static int Sources => 3;

        public V Invoke(V first, V second, V third) => V.Add(third, V.WherePositive(first, second));
    }

    private readonly struct AddOperator : IOperator
    {
        public static int Sources => 2;

        public V Invoke(V first, V second, V third) => V.Add(first, second);
    }

    private readonly struct ScaleOperator(float factor) : IOperator
    {
        private readonly float _factor = factor;

        public static int Sources => 1;

        public V Invoke(V first, V second, V third) => V.Multiply(first, V.Broadcast(_factor));
    }

    private readonly struct AddScaledOperator(float factor) : IOperator
    {
        private readonly float _factor = factor;

        public static int Sources => 2;

        public V Invoke(V first, V second, V third) => V.FusedMultiplyAdd(first, V.Broadcast(_factor), second);
    }

    private readonly struct MultiplyAddOperator : IOperator
    {
        public static int Sources => 3;

        public V Invoke(V first, V second, V third) => V.FusedMultiplyAdd(first, second, third);
    }

    private readonly struct AffineOperator(float factor, float offset) : IOperator
    {
        private readonly float _factor = factor;
        private readonly float _offset = offset;

        public static int Sources => 1;

        public V Invoke(V first, V second, V third) => V.FusedMultiplyAdd(first, V.Broadcast(_factor), V.Broadcast(_offset));
    }
}
