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

    internal override void UpdateSgd(Span<float> parameters, ReadOnlySpan<float> gradient, float rate, float decay) =>
        Update(new SgdUpdate(rate, decay), parameters, gradient, default, default);

    internal override void UpdateMomentum(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay) =>
        Update(new MomentumUpdate(rate, momentum, decay), parameters, gradient, velocity, default);

    internal override void UpdateAdam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in AdamStep step) =>
        Update(new AdamUpdate(step), parameters, gradient, mean, variance);

    private static void Update<TUpdate>(TUpdate update, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
        where TUpdate : struct, IUpdate
    {
        CheckLengths(parameters.Length, gradient.Length, TUpdate.States > 0 ? first.Length : -1, TUpdate.States > 1 ? second.Length : -1);
        fixed (float* p = parameters, g = gradient, a = first, b = second)
            UpdateColumns(update, 1, parameters.Length, g, 0, 0, p, a, b);
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
