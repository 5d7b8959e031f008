namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>parameters = parameters - rate * (gradient + decay * parameters); without decay nothing is added.</summary>
    internal abstract void UpdateSgd(Span<float> parameters, ReadOnlySpan<float> gradient, float rate, float decay);

    /// <summary>velocity = momentum * velocity + gradient + decay * parameters; parameters -= rate * velocity.</summary>
    internal abstract void UpdateMomentum(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay);

    /// <summary>One step of Adam (Kingma and Ba, 2015, algorithm 1) with the constants of that step.</summary>
    internal abstract void UpdateAdam(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> variance, in AdamStep step);

    /// <summary>One step of an optimizer.</summary>
    /// <param name="step">The optimizer's constants of this step.</param>
    /// <param name="parameters">What it changes.</param>
    /// <param name="gradient">Their gradient.</param>
    /// <param name="first">The velocity or the mean; empty for an optimizer without.</param>
    /// <param name="second">The variance; empty for an optimizer without.</param>
    internal void Update(in OptimizerStep step, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second)
    {
        switch (step.Rule)
        {
            case UpdateRule.Sgd:
                UpdateSgd(parameters, gradient, step.Rate, step.Decay);
                break;
            case UpdateRule.Momentum:
                UpdateMomentum(parameters, gradient, first, step.Rate, step.MomentumFactor, step.Decay);
                break;
            default:
                UpdateAdam(parameters, gradient, first, second, step.AdamConstants);
                break;
        }
    }
}

/// <summary>How parameters follow their gradient.</summary>
internal enum UpdateRule
{
    Sgd,
    Momentum,
    Adam,
}

/// <summary>The constants of one step of an optimizer.</summary>
internal readonly record struct OptimizerStep
{
    private OptimizerStep(UpdateRule rule) => Rule = rule;

    public UpdateRule Rule { get; }

    public float Rate { get; private init; }

    public float MomentumFactor { get; private init; }

    public float Decay { get; private init; }

    public AdamStep AdamConstants { get; private init; }

    public static OptimizerStep Sgd(float rate, float decay) => new(UpdateRule.Sgd) { Rate = rate, Decay = decay };

    public static OptimizerStep Momentum(float rate, float momentum, float decay) =>
        new(UpdateRule.Momentum) { Rate = rate, MomentumFactor = momentum, Decay = decay };

    public static OptimizerStep Adam(AdamStep constants) => new(UpdateRule.Adam) { AdamConstants = constants };
}

/// <summary>The constants of one step of Adam.</summary>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Beta2">Decay of the variance.</param>
/// <param name="Epsilon">Added to the root of the corrected variance.</param>
/// <param name="StepSize">Learning rate / (1 - Beta1^t).</param>
/// <param name="InverseRootCorrection">1 / sqrt(1 - Beta2^t).</param>
/// <param name="Shrink">What parameters are multiplied with first: 1 - rate * decay for AdamW, 1 without decay.</param>
/// <param name="Decay">Added to the gradient, times the parameters (Adam's own weight decay), or 0.</param>
internal readonly record struct AdamStep(
    float Beta1, float Beta2, float Epsilon, float StepSize, float InverseRootCorrection, float Shrink, float Decay);
