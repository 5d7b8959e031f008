using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What a <see cref="Cast"/> makes of numbers, which stay float32 in memory.</summary>
public enum CastTarget
{
    /// <summary>Whole numbers: the fraction is cut off. Exact below 2^24.</summary>
    Integer,

    /// <summary>1 for all but 0.</summary>
    Boolean,
}

/// <summary>Numbers as whole numbers or as 0 and 1. No gradient passes. ONNX Cast; one to floats does nothing here.</summary>
/// <param name="Target">What they become.</param>
public sealed record Cast(CastTarget Target) : Op
{
    /// <inheritdoc/>
    public override string Type => "Cast";

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => false;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] || Target == CastTarget.Boolean;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [inputs[0]];

    internal override BoundOp Bind(BindContext context) => new Bound(Target, context);

    private sealed class Bound(CastTarget target, BindContext context) : BoundOp
    {
        public override void Forward()
        {
            ReadOnlySpan<float> x = context.Input(0).Span;
            Span<float> y = context.Outputs[0].Span;
            for (int i = 0; i < x.Length; i++)
                y[i] = target == CastTarget.Integer ? MathF.Truncate(x[i]) : x[i] != 0 ? 1 : 0;
        }

        public override void Backward()
        {
        }
    }
}
