using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>An operator over fixed buffers: runs without allocating.</summary>
internal abstract class BoundOp
{
    /// <summary>Computes the outputs from the inputs.</summary>
    public abstract void Forward();

    /// <summary>Computes the gradients of the inputs that have one from the gradients of the outputs.</summary>
    public abstract void Backward();
}

/// <summary>Where the gradient of an input goes.</summary>
/// <param name="Tensor">The gradient's memory.</param>
/// <param name="Accumulate">True to add to what is there, false to overwrite it.</param>
internal sealed record GradientSlot(Tensor Tensor, bool Accumulate)
{
    /// <summary>Puts gradient * factor there.</summary>
    public void Add(KernelSet kernels, ReadOnlySpan<float> gradient, float factor)
    {
        if (Accumulate)
            kernels.AddScaled(gradient, factor, Tensor.Span);
        else
            kernels.Scale(gradient, factor, Tensor.Span);
    }
}

/// <summary>The buffers and helpers an operator is bound to.</summary>
internal sealed class BindContext
{
    /// <summary>The inputs; null for one left out, or in <see cref="Rows"/>.</summary>
    public required Tensor?[] Inputs { get; init; }

    /// <summary>Which of the inputs never change while the operator is bound, so that it may prepare them once.</summary>
    public required bool[] Frozen { get; init; }

    /// <summary>The samples of inputs that are read where they lie, whose tensor is then null; else null.</summary>
    public required RowBatch?[] Rows { get; init; }

    /// <summary>The inputs to be updated in the backward pass, whose gradient then has no place; else null.</summary>
    public required ParameterUpdate?[] Updates { get; init; }

    /// <summary>The outputs.</summary>
    public required Tensor[] Outputs { get; init; }

    /// <summary>Where the gradients of the inputs go; null where none is needed.</summary>
    public required GradientSlot?[] InputGradients { get; init; }

    /// <summary>The gradients of the outputs; empty when there is no backward pass.</summary>
    public required Tensor?[] OutputGradients { get; init; }

    /// <summary>What the program runs with.</summary>
    public required ProgramContext Program { get; init; }

    /// <summary>The kernels to compute with.</summary>
    public KernelSet Kernels => Program.Kernels;

    /// <summary>The threads to share the work among.</summary>
    public Workers Workers => Program.Workers;

    /// <summary>The input at a position.</summary>
    public Tensor Input(int position) => Inputs[position]!;
}
