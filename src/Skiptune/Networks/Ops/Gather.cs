using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// The entries of an axis that indices name: rows of a constant table (an embedding), or parts of an activation. ONNX
/// Gather. Inputs: data, indices (whole numbers, negative ones from the end); the axes of the indices take the place
/// of the axis.
/// </summary>
/// <param name="Axis">The axis of the data, from 0.</param>
public sealed record Gather(int Axis) : Op
{
    /// <inheritdoc/>
    public override string Type => "Gather";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [0];

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => input == 0;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 2 || Axis < 0 || Axis >= inputs[0].Rank)
            throw new SkiptuneException($"Gather's axis {Axis} is outside data of {inputs[0]}");
        ImmutableArray<int> data = inputs[0].Extents;
        return [new Shape([.. data[..Axis], .. inputs[1].Extents, .. data[(Axis + 1)..]])];
    }

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly int _outer;
        private readonly int _extent;
        private readonly int _inner;
        private readonly int _count;

        public Bound(Gather op, BindContext context)
        {
            _context = context;
            Shape data = context.Input(0).Shape;
            (_outer, _extent, _inner) = (data.Product(0, op.Axis), data[op.Axis], data.Product(op.Axis + 1, data.Rank));
            _count = context.Input(1).Shape.Count;
        }

        public override void Forward()
        {
            ReadOnlySpan<float> data = _context.Input(0).Span;
            Span<float> output = _context.Outputs[0].Span;
            for (int i = 0; i < _count; i++)
            {
                int index = IndexAt(i);
                for (int outer = 0; outer < _outer; outer++)
                    data.Slice((outer * _extent + index) * _inner, _inner).CopyTo(output[((outer * _count + i) * _inner)..]);
            }
        }

        public override void Backward()
        {
            if (_context.InputGradients[0] is not { } slot)
                return;
            Span<float> target = slot.Tensor.Span;
            if (!slot.Accumulate)
                target.Clear();
            ReadOnlySpan<float> gradient = _context.OutputGradients[0]!.Span;
            for (int i = 0; i < _count; i++)
            {
                int index = IndexAt(i);
                for (int outer = 0; outer < _outer; outer++)
                    _context.Kernels.AddScaled(gradient.Slice((outer * _count + i) * _inner, _inner), 1, target.Slice((outer * _extent + index) * _inner, _inner));
            }
        }

        private int IndexAt(int position)
        {
            float index = _context.Input(1).Span[position];
            // Negated, so that NaN fails.
            if (!(index >= -_extent && index < _extent))
                throw new SkiptuneException($"Gather cannot take entry {index} of {_extent}; check the indices (token ids) in the data");
            return (int)index < 0 ? (int)index + _extent : (int)index;
        }
    }
}
