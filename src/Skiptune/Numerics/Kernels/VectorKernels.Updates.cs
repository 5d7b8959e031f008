using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update<TUpdate>(TUpdate update, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IUpdate
    {
        CheckLengths(parameters.Length, gradient.Length, TUpdate.States > 0 ? first.Length : -1, TUpdate.States > 1 ? second.Length : -1);
        fixed (float* p = parameters, g = gradient, a = first, b = second)
        {
            UpdateSink<TUpdate> sink = new(update, p, a, b);
            int i = 0;
            for (; i <= gradient.Length - S.Width; i += S.Width)
                sink.Finish(Get(g, i), i);
            if (i < gradient.Length)
                sink.FinishPartial(S.LoadPartial(g + i, gradient.Length - i), i, gradient.Length - i);
        }
    }

    /// <summary>What becomes of a gradient whose sums are made vector by vector.</summary>
    private interface ISink
    {
        /// <summary>What the sums from that place of the matrix on start from.</summary>
        TRow Start<TRow>(nint at)
            where TRow : struct, ISums<TRow>;

        /// <summary>The same for one vector, of which only so many lanes exist.</summary>
        V StartPartial(nint at, int count);

        void Finish(V sum, nint at);

        void FinishPartial(V sum, nint at, int count);
    }

    /// <summary>The sum is added to a gradient in memory.</summary>
    private readonly struct GradientSink(float* gradient) : ISink
    {
        private readonly float* _gradient = gradient;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TRow Start<TRow>(nint at)
            where TRow : struct, ISums<TRow> => TRow.Load(ref _gradient[at]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V StartPartial(nint at, int count) => S.LoadPartial(_gradient + at, count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish(V sum, nint at) => S.Store(sum, ref *_gradient, (nuint)at);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void FinishPartial(V sum, nint at, int count) => S.StorePartial(sum, _gradient + at, count);
    }

    /// <summary>The sum is added to a matrix times a factor: SGD without decay.</summary>
    private readonly struct ScaledSink(float* matrix, float factor) : ISink
    {
        private readonly float* _matrix = matrix;
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TRow Start<TRow>(nint at)
            where TRow : struct, ISums<TRow> => TRow.Broadcast(S.Broadcast(0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V StartPartial(nint at, int count) => S.Broadcast(0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish(V sum, nint at) =>
            S.Store(S.FusedMultiplyAdd(sum, S.Broadcast(_factor), S.Load(ref *_matrix, (nuint)at)), ref *_matrix, (nuint)at);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void FinishPartial(V sum, nint at, int count) =>
            S.StorePartial(S.FusedMultiplyAdd(sum, S.Broadcast(_factor), S.LoadPartial(_matrix + at, count)), _matrix + at, count);
    }

    /// <summary>The sum is the gradient that the parameters follow at once.</summary>
    private readonly struct UpdateSink<TUpdate>(TUpdate update, float* parameters, float* first, float* second) : ISink
        where TUpdate : struct, IUpdate
    {
        private readonly TUpdate _update = update;
        private readonly float* _parameters = parameters;
        private readonly float* _first = first;
        private readonly float* _second = second;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TRow Start<TRow>(nint at)
            where TRow : struct, ISums<TRow> => TRow.Broadcast(S.Broadcast(0));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V StartPartial(nint at, int count) => S.Broadcast(0);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Finish(V sum, nint at)
        {
            nuint here = (nuint)at;
            V parameter = S.Load(ref *_parameters, here);
            V state0 = TUpdate.States < 1 ? sum : S.Load(ref *_first, here);
            V state1 = TUpdate.States < 2 ? sum : S.Load(ref *_second, here);
            _update.Invoke(ref parameter, sum, ref state0, ref state1);
            S.Store(parameter, ref *_parameters, here);
            if (TUpdate.States > 0)
                S.Store(state0, ref *_first, here);
            if (TUpdate.States > 1)
                S.Store(state1, ref *_second, here);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void FinishPartial(V sum, nint at, int count)
        {
            V parameter = S.LoadPartial(_parameters + at, count);
            V state0 = TUpdate.States < 1 ? sum : S.LoadPartial(_first + at, count);
            V state1 = TUpdate.States < 2 ? sum : S.LoadPartial(_second + at, count);
            _update.Invoke(ref parameter, sum, ref state0, ref state1);
            S.StorePartial(parameter, _parameters + at, count);
            if (TUpdate.States > 0)
                S.StorePartial(state0, _first + at, count);
            if (TUpdate.States > 1)
                S.StorePartial(state1, _second + at, count);
        }
    }

    private readonly struct SgdUpdate(float rate, float decay) : IUpdate
    {
        private readonly float _rate = rate;
        private readonly float _decay = decay;

        public static int States => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref V parameter, V gradient, ref V first, ref V second) =>
            parameter = S.FusedMultiplyAdd(S.Broadcast(-_rate), S.FusedMultiplyAdd(S.Broadcast(_decay), parameter, gradient), parameter);
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
            first = S.FusedMultiplyAdd(S.Broadcast(_momentum), first, S.FusedMultiplyAdd(S.Broadcast(_decay), parameter, gradient));
            parameter = S.FusedMultiplyAdd(S.Broadcast(-_rate), first, parameter);
        }
    }

    private readonly struct AdamUpdate(AdamStep step) : IUpdate
    {
        private readonly AdamStep _step = step;

        public static int States => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke(ref V parameter, V gradient, ref V first, ref V second)
        {
            V g = S.FusedMultiplyAdd(S.Broadcast(_step.Decay), parameter, gradient);
            first = S.FusedMultiplyAdd(S.Broadcast(_step.Beta1), first, S.Multiply(S.Broadcast(1 - _step.Beta1), g));
            second = S.FusedMultiplyAdd(S.Broadcast(_step.Beta2), second, S.Multiply(S.Multiply(S.Broadcast(1 - _step.Beta2), g), g));
            V root = S.FusedMultiplyAdd(S.Sqrt(second), S.Broadcast(_step.InverseRootCorrection), S.Broadcast(_step.Epsilon));
            parameter = S.FusedMultiplyAdd(S.Broadcast(-_step.StepSize), S.Divide(first, root), S.Multiply(parameter, S.Broadcast(_step.Shrink)));
        }
    }
}
