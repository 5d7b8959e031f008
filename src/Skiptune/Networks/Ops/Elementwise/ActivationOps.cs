using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>1 / (1 + e^-x). ONNX Sigmoid.</summary>
public sealed record Sigmoid : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Sigmoid";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(default(SigmoidFunction), context);
}

/// <summary>tanh x (relative error below 3e-7). ONNX Tanh.</summary>
public sealed record Tanh : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Tanh";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(TanhFunction), context);
}

/// <summary>x where x is above 0, Slope x elsewhere. ONNX LeakyRelu.</summary>
/// <param name="Slope">The slope below 0, finite; default 0.01.</param>
public sealed record LeakyRelu(float Slope = 0.01f) : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "LeakyRelu";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] || Slope <= 0;

    internal override BoundOp Bind(BindContext context) => Bind(new LeakyReluFunction(Slope), context);
}

/// <summary>x where x is above 0, Scale (e^x - 1) elsewhere (Clevert et al., 2016). ONNX Elu.</summary>
/// <param name="Scale">What the function tends to below 0, negated; finite, default 1.</param>
public sealed record Elu(float Scale = 1) : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Elu";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs | BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] || Scale <= 0;

    internal override BoundOp Bind(BindContext context) => Bind(new EluFunction(Scale), context);
}

/// <summary>x within two limits; no gradient passes at or beyond them. ONNX Clip.</summary>
/// <param name="Min">The lower limit.</param>
/// <param name="Max">The upper limit; it wins where it is below the lower one.</param>
public sealed record Clip(float Min = float.MinValue, float Max = float.MaxValue) : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Clip";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => Max >= 0 && (Min >= 0 || inputs[0]);

    internal override BoundOp Bind(BindContext context) => Bind(new ClipFunction(Min, Max), context);
}

/// <summary>Slope x + Offset within 0 and 1. ONNX HardSigmoid.</summary>
/// <param name="Slope">The slope; finite, default 0.2.</param>
/// <param name="Offset">The value at 0; finite, default 0.5.</param>
public sealed record HardSigmoid(float Slope = 0.2f, float Offset = 0.5f) : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "HardSigmoid";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(new HardSigmoidFunction(Slope, Offset), context);
}

/// <summary>x min(max(x / 6 + 1/2, 0), 1) (Howard et al., 2019). ONNX HardSwish.</summary>
public sealed record HardSwish : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "HardSwish";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Bind(default(HardSwishFunction), context);
}

/// <summary>ln(1 + e^x), without overflow. ONNX Softplus.</summary>
public sealed record Softplus : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Softplus";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => Bind(default(SoftplusFunction), context);
}

/// <summary>x Phi(x) with the normal distribution function Phi (Hendrycks and Gimpel, 2016). ONNX Gelu.</summary>
/// <param name="Tanh">True for the approximation by tanh, false (default) for the exact form by erf.</param>
public sealed record Gelu(bool Tanh = false) : UnaryOp
{
    /// <inheritdoc/>
    public override string Type => "Gelu";

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => Tanh ? Bind(default(GeluTanhFunction), context) : Bind(default(GeluFunction), context);
}
