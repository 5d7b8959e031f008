using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>e^x (relative error below 3e-7). ONNX Exp.</summary>
public sealed record Exp : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Exp";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(default(ExpFunction), context);
}

/// <summary>The natural logarithm; minus infinity at 0, NaN below. ONNX Log.</summary>
public sealed record Log : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Log";

    internal override BoundOp Bind(BindContext context) => Bind(default(LogFunction), context);
}

/// <summary>The square root; NaN below 0. Its gradient at 0 is infinite. ONNX Sqrt.</summary>
public sealed record Sqrt : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Sqrt";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(default(SqrtFunction), context);
}

/// <summary>The error function (absolute error below 3e-7). ONNX Erf.</summary>
public sealed record Erf : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Erf";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(ErfFunction), context);
}

/// <summary>-x. ONNX Neg.</summary>
public sealed record Neg : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Neg";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    internal override BoundOp Bind(BindContext context) => Bind(default(NegFunction), context);
}

/// <summary>|x|; no gradient passes at 0. ONNX Abs.</summary>
public sealed record Abs : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Abs";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(default(AbsFunction), context);
}

/// <summary>1 / x. ONNX Reciprocal.</summary>
public sealed record Reciprocal : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Reciprocal";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(ReciprocalFunction), context);
}
