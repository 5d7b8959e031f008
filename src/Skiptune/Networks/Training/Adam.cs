using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Adam (Kingma and Ba, 2015).</summary>
public record Adam : Optimizer
{
    /// <summary>Decay of the mean of the gradients; default 0.9.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the mean of their squares; default 0.999.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the variance; default 1e-8.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Weight decay, 0 or more: added to the gradient, times the parameters; default 0.</summary>
    public float WeightDecay { get; init; }

    /// <inheritdoc/>
    public override string Name => "adam";

    internal override int States => 2;

    private protected virtual bool Decoupled => false;

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Require(Beta1 is >= 0 and < 1 && Beta2 is >= 0 and < 1, "Adam's betas must be at least 0 and below 1");
        Require(Epsilon > 0, "Adam's epsilon must be above 0");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), "the weight decay must be 0 or more");
    }

    internal override OptimizerStep StepOf(float rate, int step) => OptimizerStep.Adam(new AdamStep(
        Beta1,
        Beta2,
        Epsilon,
        StepSize: (float)(rate / (1 - Math.Pow(Beta1, step))),
        InverseRootCorrection: (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, step))),
        Shrink: Decoupled ? 1 - rate * WeightDecay : 1,
        Decay: Decoupled ? 0 : WeightDecay));
}

/// <summary>Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019); decay 0.01 by default.</summary>
public sealed record AdamW : Adam
{
    /// <summary>Creates the options.</summary>
    public AdamW() => WeightDecay = 0.01f;

    /// <inheritdoc/>
    public override string Name => "adamw";

    private protected override bool Decoupled => true;
}
