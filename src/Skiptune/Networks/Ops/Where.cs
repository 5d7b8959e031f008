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
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [Broadcasting.Join(Type, inputs.AsSpan())];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound(BindContext context) : BoundOp
    {
        private readonly Broadcasting _plan = new(context.Outputs[0].Shape, [.. context.Inputs.Select(input => input!.Shape)]);

        public override void Forward()
        {
            for (int row = 0; row < _plan.Rows; row++)
            {
                ReadOnlySpan<float> condition = _plan.Row(0, context.Input(0), row);
                ReadOnlySpan<float> yes = _plan.Row(1, context.Input(1), row);
                ReadOnlySpan<float> no = _plan.Row(2, context.Input(2), row);
                Span<float> output = Row(context.Outputs[0], row);
                for (int i = 0; i < output.Length; i++)
                    output[i] = condition[_plan.At(0, i)] != 0 ? yes[_plan.At(1, i)] : no[_plan.At(2, i)];
            }
        }

        public override void Backward()
        {
            Backward(1, chosen: true);
            Backward(2, chosen: false);
        }

        private void Backward(int operand, bool chosen)
        {
            if (context.InputGradients[operand] is not { } slot)
                return;
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            for (int row = 0; row < _plan.Rows; row++)
            {
                ReadOnlySpan<float> condition = _plan.Row(0, context.Input(0), row);
                ReadOnlySpan<float> gradient = Row(context.OutputGradients[0]!, row);
                Span<float> target = _plan.Row(operand, slot.Tensor, row);
                for (int i = 0; i < gradient.Length; i++)
                    target[_plan.At(operand, i)] += (condition[_plan.At(0, i)] != 0) == chosen ? gradient[i] : 0;
            }
        }

        private Span<float> Row(Tensor tensor, int row) => tensor.Span.Slice(row * _plan.RowLength, _plan.RowLength);
    }
}
