using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean of each plane: n x C x H x W to n x C x 1 x 1, with any number of axes behind C. ONNX GlobalAveragePool.</summary>
public sealed record GlobalAveragePool : Op
{
    /// <inheritdoc/>
    public override string Type => "GlobalAveragePool";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs[0].Rank < 3 || inputs[0].RowCount == 0)
            throw new SkiptuneException($"GlobalAveragePool takes a batch of planes, not {inputs[0]}");
        return [new Shape([.. inputs[0].Extents.Select((extent, axis) => axis < 2 ? extent : 1)])];
    }

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound(BindContext context) : BoundOp
    {
        private readonly int _planes = context.Outputs[0].Shape.Count;
        private readonly int _pixels = context.Input(0).Shape.Count / Math.Max(1, context.Outputs[0].Shape.Count);

        public override void Forward()
        {
            ReadOnlySpan<float> input = context.Input(0).Span;
            Span<float> output = context.Outputs[0].Span;
            for (int plane = 0; plane < _planes; plane++)
                output[plane] = context.Kernels.Sum(input.Slice(plane * _pixels, _pixels)) / _pixels;
        }

        public override void Backward()
        {
            if (context.InputGradients[0] is not { } slot)
                return;
            for (int plane = 0; plane < _planes; plane++)
            {
                float share = context.OutputGradients[0]!.Span[plane] / _pixels;
                foreach (ref float gradient in slot.Tensor.Span.Slice(plane * _pixels, _pixels))
                    gradient = slot.Accumulate ? gradient + share : share;
            }
        }
    }
}
