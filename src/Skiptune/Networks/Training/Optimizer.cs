using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>How parameters follow their gradients.</summary>
public abstract record Optimizer
{
    /// <summary>The step size before the schedule; above 0. Default null: the fine-tuning method's own default.</summary>
    public float? LearningRate { get; init; }

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>How many tensors of state each parameter tensor has.</summary>
    internal abstract int States { get; }

    /// <summary>Throws unless all numbers are in range.</summary>
    /// <exception cref="SkiptuneException">A number is out of range.</exception>
    public virtual void Check() => Require(LearningRate is null or > 0 && float.IsFinite(LearningRate ?? 0), "the learning rate must be a number above 0");

    /// <summary>The constants of one step, the same for all tensors.</summary>
    /// <param name="rate">The step size of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    internal abstract OptimizerStep StepOf(float rate, int step);

    private protected static void Require(bool condition, string message)
    {
        if (!condition)
            throw new SkiptuneException(message);
    }
}
