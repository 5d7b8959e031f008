using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The second input where the first is not 0, the third elsewhere, all broadcast. ONNX Where.</summary>
public sealed record Where : Op
{
    /// <inheritdoc/>
    public override string Type => "Where";

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => input > 0;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[1] && inputs[2];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [Broadcasting.Infer(Type, inputs.AsSpan())];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound(BindContext context) : BoundOp
    {
        private readonly BroadcastRows _rows = new(context);

        public override void Forward()
        {
            Span<float> output = context.Outputs[0].Span;
            for (int at = 0; at < output.Length; at++)
            {
                int chosen = Chosen(at);
                output[at] = context.Input(chosen).Span[_rows.At(chosen, at)];
            }
        }

        public override void Backward()
        {
            foreach (GradientSlot? slot in context.InputGradients)
            {
                if (slot is { Accumulate: false })
                    slot.Tensor.Span.Clear();
            }
            ReadOnlySpan<float> gradient = context.OutputGradients[0]!.Span;
            for (int at = 0; at < gradient.Length; at++)
            {
                int chosen = Chosen(at);
                if (context.InputGradients[chosen] is { } slot)
                    slot.Tensor.Span[_rows.At(chosen, at)] += gradient[at];
            }
        }

        private int Chosen(int at) => context.Input(0).Span[_rows.At(0, at)] != 0 ? 1 : 2;
    }
}
