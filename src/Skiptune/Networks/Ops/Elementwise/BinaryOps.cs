using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>a + b: a residual sum, or a value and a bias. ONNX Add.</summary>
/// <param name="Bias">
/// The position of the input that is a bias, which full fine-tuning and bias tuning train; -1: none. The ONNX reader calls
/// a constant with more than one entry on one axis at most a bias.
/// </param>
public sealed record Add(int Bias) : BinaryOp
{
    /// <summary>A sum without a bias.</summary>
    public Add()
        : this(-1)
    {
    }

    /// <inheritdoc/>
    public override string Type => "Add";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => Bias < 0 ? [] : [Bias];

    /// <inheritdoc/>
    public override int BiasInput => Bias;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && inputs[1];

    internal override BoundOp Bind(BindContext context) => Bind(default(AddFunction), context);
}

/// <summary>a - b. ONNX Sub.</summary>
public sealed record Sub : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Sub";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    internal override BoundOp Bind(BindContext context) => Bind(default(SubFunction), context);
}

/// <summary>a b. ONNX Mul.</summary>
public sealed record Mul : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Mul";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && inputs[1];

    internal override BoundOp Bind(BindContext context) => Bind(default(MulFunction), context);
}

/// <summary>a / b. ONNX Div.</summary>
public sealed record Div : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Div";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && inputs[1];

    internal override BoundOp Bind(BindContext context) => Bind(default(DivFunction), context);
}

/// <summary>
/// a to the power b. Exact for the exponents 1/2, 1, 2 and 3; otherwise the relative error grows to
/// 2e-7 |b ln a|. The gradient of b is 0
/// where a is not above 0. ONNX Pow.
/// </summary>
public sealed record Pow : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Pow";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(PowFunction), context);
}

/// <summary>The larger of two; of equals, the gradient goes to the first. ONNX Max.</summary>
public sealed record Max : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Max";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] || inputs[1];

    internal override BoundOp Bind(BindContext context) => Bind(default(MaxFunction), context);
}

/// <summary>The smaller of two; of equals, the gradient goes to the first. ONNX Min.</summary>
public sealed record Min : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "Min";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && inputs[1];

    internal override BoundOp Bind(BindContext context) => Bind(default(MinFunction), context);
}

/// <summary>x where x is above 0, slope x elsewhere (He et al., 2015). Inputs: x, slope (broadcast to x; trained). ONNX PRelu.</summary>
public sealed record PRelu : BinaryOp
{
    /// <inheritdoc/>
    public override string Type => "PRelu";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        ImmutableArray<Shape> outputs = base.InferShapes(inputs);
        if (outputs[0] != inputs[0])
            throw new SkiptuneException($"PRelu's slope of {inputs[1]} does not fit an input of {inputs[0]}");
        return outputs;
    }

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(PReluFunction), context);
}
