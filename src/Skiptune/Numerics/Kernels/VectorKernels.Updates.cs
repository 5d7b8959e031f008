using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>One optimizer step on a vector of parameters and up to two vectors of its state.</summary>
    private interface IUpdate
    {
        /// <summary>How many state vectors there are.</summary>
        static abstract int States { get; }

        void Invoke(ref V parameter, V gradient, ref V first, ref V second);
    }

    internal override void UpdateSgd(Span<float> parameters, ReadOnlySpan<float> gradient, float rate, float decay)
    {
        if (decay == 0)
            AddScaled(gradient, -rate, parameters);
        else
            Update(new SgdUpdate(rate, decay), parameters, gradient, default, default);
    }

    internal override void UpdateMomentum(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay) =>
        Update(new MomentumUpdate(rate, momentum, decay), parameters, gradient, velocity, default);

    internal override void UpdateAdam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in AdamStep step) =>
        Update(new AdamUpdate(step), parameters, gradient, mean, variance);

    private static void Update<TUpdate>(in TUpdate update, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IUpdate
    {
        CheckLengths(parameters.Length, gradient.Length, TUpdate.States > 0 ? first.Length : -1, TUpdate.States > 1 ? second.Length : -1);
        fixed (float* p = parameters, g = gradient, a = first, b = second)
            Update(update, p, g, a, b, gradient.Length);
    }

    [MethodImpl(KernelCode.Optimized)]
    private static void Update<TUpdate>(in TUpdate update, float* parameters, float* gradient, float* first, float* second, int count)
        where TUpdate : struct, IUpdate
    {
        TUpdate step = update;
        int i = 0;
        for (; i <= count - V.Width; i += V.Width)
        {
            V parameter = Get(parameters, i);
            V state0 = TUpdate.States < 1 ? parameter : Get(first, i);
            V state1 = TUpdate.States < 2 ? parameter : Get(second, i);
            step.Invoke(ref parameter, Get(gradient, i), ref state0, ref state1);
            V.Store(parameter, ref *parameters, (nuint)i);
            if (TUpdate.States > 0)
                V.Store(state0, ref *first, (nuint)i);
            if (TUpdate.States > 1)
                V.Store(state1, ref *second, (nuint)i);
        }
        int rest = count - i;
        if (rest == 0)
            return;
        V last = V.LoadPartial(parameters + i, rest);
        V last0 = TUpdate.States < 1 ? last : V.LoadPartial(first + i, rest);
        V last1 = TUpdate.States < 2 ? last : V.LoadPartial(second + i, rest);
        step.Invoke(ref last, V.LoadPartial(gradient + i, rest), ref last0, ref last1);
        V.StorePartial(last, parameters + i, rest);
        if (TUpdate.States > 0)
            V.StorePartial(last0, first + i, rest);
        if (TUpdate.States > 1)
            V.StorePartial(last1, second + i, rest);
    }

    /// <summary>What becomes of a gradient whose sums are made tile by tile.</summary>
    private interface ISink
    {
        /// <summary>The matrix that the sums start from; null for zeros.</summary>
        float* Start { get; }

        void Finish<TRow>(TRow sums, nint at, int rest)
            where TRow : struct, ISampleSums<TRow>;
    }

    /// <summary>The sum becomes a gradient in memory, or is added to it.</summary>
    private readonly struct GradientSink(float* gradient, bool adds) : ISink
    {
        private readonly float* _gradient = gradient;
        private readonly bool _adds = adds;

        public float* Start => _adds ? _gradient : null;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish<TRow>(TRow sums, nint at, int rest)
            where TRow : struct, ISampleSums<TRow> => TRow.Store(sums, _gradient + at, rest);
    }

    /// <summary>The sum is added to a matrix times a factor: SGD without decay.</summary>
    private readonly struct ScaledSink(float* matrix, float factor) : ISink
    {
        private readonly float* _matrix = matrix;
        private readonly float _factor = factor;

        public float* Start => null;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish<TRow>(TRow sums, nint at, int rest)
            where TRow : struct, ISampleSums<TRow>
        {
            TRow row = TRow.Load(_matrix + at, rest);
            TRow.MultiplyAdd(ref row, V.Broadcast(_factor), sums);
            TRow.Store(row, _matrix + at, rest);
        }
    }

    private readonly struct SgdUpdate(float rate, float decay) : IUpdate
    {
        private readonly float _rate = rate;
        private readonly float _decay = decay;

        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref V parameter, V gradient, ref V first, ref V second) =>
            V.MultiplyAdd(ref parameter, V.Broadcast(-_rate), V.FusedMultiplyAdd(V.Broadcast(_decay), parameter, gradient));
    }

    private readonly struct MomentumUpdate(float rate, float momentum, float decay) : IUpdate
    {
        private readonly float _rate = rate;
        private readonly float _momentum = momentum;
        private readonly float _decay = decay;

        public static int States => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref V parameter, V gradient, ref V first, ref V second)
        {
            first = V.FusedMultiplyAdd(V.Broadcast(_momentum), first, V.FusedMultiplyAdd(V.Broadcast(_decay), parameter, gradient));
            V.MultiplyAdd(ref parameter, V.Broadcast(-_rate), first);
        }
    }

    private readonly struct AdamUpdate(AdamStep step) : IUpdate
    {
        private readonly AdamStep _step = step;

        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref V parameter, V gradient, ref V first, ref V second)
        {
            V g = V.FusedMultiplyAdd(V.Broadcast(_step.Decay), parameter, gradient);
            first = V.FusedMultiplyAdd(V.Broadcast(_step.Beta1), first, V.Multiply(V.Broadcast(1 - _step.Beta1), g));
            second = V.FusedMultiplyAdd(V.Broadcast(_step.Beta2), second, V.Multiply(V.Multiply(V.Broadcast(1 - _step.Beta2), g), g));
            V root = V.FusedMultiplyAdd(V.Sqrt(second), V.Broadcast(_step.InverseRootCorrection), V.Broadcast(_step.Epsilon));
            parameter = V.FusedMultiplyAdd(V.Broadcast(-_step.StepSize), V.Divide(first, root), V.Multiply(parameter, V.Broadcast(_step.Shrink)));
        }
    }
}
