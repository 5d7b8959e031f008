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

    /// <summary>Makes one step of one tensor.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="parameters">The tensor.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="states">Its state, <see cref="States"/> tensors, zero at the start.</param>
    /// <param name="rate">The step size of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    internal abstract void Update(KernelSet kernels, Span<float> parameters, ReadOnlySpan<float> gradient, ReadOnlySpan<Tensor> states, float rate, int step);

    private protected static void Require(bool condition, string message)
    {
        if (!condition)
            throw new SkiptuneException(message);
    }
}
