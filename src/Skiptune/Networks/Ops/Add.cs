using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The sum of two values of the same shape. ONNX Add.</summary>
public sealed record Add : Op
{
    /// <inheritdoc/>
    public override string Type => "Add";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 2 || inputs[0] != inputs[1])
            throw new SkiptuneException($"Add takes two values of one shape, not {string.Join(" and ", inputs)}");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0] && inputs[1];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound(BindContext context) : BoundOp
    {
        public override void Forward() => context.Kernels.Add(context.Input(0).Span, context.Input(1).Span, context.Outputs[0].Span);

        public override void Backward()
        {
            foreach (GradientSlot? slot in context.InputGradients)
                slot?.Add(context.Kernels, context.OutputGradients[0]!.Span, 1);
        }
    }
}
