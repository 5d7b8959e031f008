using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>Stochastic gradient descent, with momentum if wanted (PyTorch's form: v = m v + g; p -= rate v).</summary>
public sealed record Sgd : Optimizer
{
    /// <summary>Share of the old velocity kept; 0 (the default) up to but not 1.</summary>
    public float Momentum { get; init; }

    /// <summary>Added to the gradient, times the parameters; 0 (the default) or more.</summary>
    public float WeightDecay { get; init; }

    /// <inheritdoc/>
    public override string Name => Momentum > 0 ? "momentum" : "sgd";

    internal override int States => Momentum > 0 ? 1 : 0;

    /// <inheritdoc/>
    public override void Check()
    {
        base.Check();
        Require(Momentum is >= 0 and < 1, "the momentum must be at least 0 and below 1");
        Require(WeightDecay >= 0 && float.IsFinite(WeightDecay), "the weight decay must be 0 or more");
    }

    internal override OptimizerStep StepOf(float rate, int step) =>
        Momentum > 0 ? OptimizerStep.Momentum(rate, Momentum, WeightDecay) : OptimizerStep.Sgd(rate, WeightDecay);
}
