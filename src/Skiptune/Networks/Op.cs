using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// An operator with its attributes: what a node computes. Immutable; what runs is the <see cref="BoundOp"/>
/// made by <see cref="Bind"/> for one batch size.
/// </summary>
public abstract record Op
{
    /// <summary>The operator's name in ONNX, or its own where ONNX has none.</summary>
    public abstract string Type { get; }

    /// <summary>The positions of the inputs that full fine-tuning trains, or none.</summary>
    public virtual ImmutableArray<int> TrainableInputs => [];

    /// <summary>The position of the bias among the inputs, or -1.</summary>
    public virtual int BiasInput => -1;

    /// <summary>The positions of the inputs a forward pass in training mode writes (running statistics), or none.</summary>
    public virtual ImmutableArray<int> StateInputs => [];

    /// <summary>True for a look-up of rows of a frozen table, which costs less to do again than to keep.</summary>
    public virtual bool IsLookup => false;

    /// <summary>True for a weight layer (weight at position 1, or frozen inside the operator): LoRA adapts it, and the skip methods tap its input.</summary>
    public virtual bool IsWeightLayer => false;

    /// <summary>What <see cref="BoundOp.Backward"/> reads besides the gradient of the outputs.</summary>
    public virtual BackwardReads BackwardReads => BackwardReads.Inputs;

    /// <summary>
    /// False for an input that the outputs do not follow smoothly (indices, conditions, what is only compared): it has
    /// no gradient, and <see cref="Bind"/> gets no place for one.
    /// </summary>
    /// <param name="input">The position of the input.</param>
    public virtual bool PassesGradient(int input) => true;

    /// <summary>Computes the shapes of the outputs.</summary>
    /// <param name="inputs">The shapes of the inputs, batch first; rank 0 for one left out.</param>
    /// <exception cref="SkiptuneException">The shapes do not fit the operator.</exception>
    public abstract ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs);

    /// <summary>True if no output can be below zero when the flagged inputs are not.</summary>
    public virtual bool IsNonNegative(ReadOnlySpan<bool> inputs) => false;

    /// <summary>Multiply-accumulates of one forward pass over these input shapes; 0 where they do not matter.</summary>
    public virtual long MultiplyAccumulates(ImmutableArray<Shape> inputs) => 0;

    /// <summary>
    /// True for an input whose samples need not lie one behind the other nor in float32: it can be bound to a
    /// <see cref="Numerics.RowBatch"/> in place of a tensor, as long as nobody wants its gradient.
    /// </summary>
    /// <param name="input">The position of the input.</param>
    /// <param name="inputs">The shapes of the inputs.</param>
    internal virtual bool ReadsRows(int input, ImmutableArray<Shape> inputs) => false;

    /// <summary>
    /// True for an input that <see cref="BoundOp.Backward"/> can itself bring a step of the optimizer further
    /// (<see cref="ParameterUpdate"/>), so that its gradient need not be written.
    /// </summary>
    /// <param name="input">The position of the input.</param>
    internal virtual bool UpdatesInPlace(int input) => false;

    /// <summary>Makes the operator that runs over fixed buffers.</summary>
    internal abstract BoundOp Bind(BindContext context);
}

/// <summary>What the backward pass of an operator reads besides the gradient of its outputs.</summary>
[Flags]
public enum BackwardReads
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The inputs of the forward pass.</summary>
    Inputs = 1,

    /// <summary>The outputs of the forward pass.</summary>
    Outputs = 2,
}
