using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The product with one number. ONNX Mul with a constant scalar.</summary>
/// <param name="Factor">The number.</param>
public sealed record Scale(float Factor) : Op
{
    /// <inheritdoc/>
    public override string Type => "Mul";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [inputs[0]];

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && Factor >= 0;

    internal override BoundOp Bind(BindContext context) => new Bound(Factor, context);

    private sealed class Bound(float factor, BindContext context) : BoundOp
    {
        public override void Forward() => context.Kernels.Scale(context.Input(0).Span, factor, context.Outputs[0].Span);

        public override void Backward() => context.InputGradients[0]?.Add(context.Kernels, context.OutputGradients[0]!.Span, factor);
    }
}
