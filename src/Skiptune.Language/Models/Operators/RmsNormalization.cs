using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>
/// y = scale * x / sqrt(mean(x^2) + epsilon) over the last axis (Zhang and Sennrich, 2019). Inputs: x, scale (as many
/// values as the axis has).
/// </summary>
/// <param name="Epsilon">Added to the mean square; above 0.</param>
internal sealed record RmsNormalization(float Epsilon) : Op
{
    /// <inheritdoc/>
    public override string Type => "RmsNormalization";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) =>
        inputs.Length == 2 && inputs[0].Rank > 0 && inputs[1].Count == inputs[0][-1]
            ? [inputs[0]]
            : throw new SkiptuneException($"RmsNormalization cannot scale {inputs[0]} by {inputs[1]}");

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly float _epsilon;
        private readonly int _length;
        private readonly int _rows;
        private readonly float[] _inverse;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(RmsNormalization op, BindContext context)
        {
            (_context, _epsilon) = (context, op.Epsilon);
            _length = context.Input(1).Shape.Count;
            _rows = context.Input(0).Shape.Count / _length;
            _inverse = new float[_rows];
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        private long Cost => 4L * _rows * _length;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, Cost);
            if (_context.InputGradients[1] is { } scale)
                BackwardScale(scale);
        }

        private Span<float> Row(Tensor tensor, int row) => tensor.Span.Slice(row * _length, _length);

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            Span<float> square = stackalloc float[1];
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> x = Row(_context.Input(0), row);
                Span<float> y = Row(_context.Outputs[0], row);
                _context.Kernels.DotRows(1, 1, _length, x, _length, x, _length, square, 1);
                _inverse[row] = 1 / MathF.Sqrt(square[0] / _length + _epsilon);
                _context.Kernels.Scale(x, _inverse[row], y);
                _context.Kernels.Apply(new BinaryValue<MulFunction>(default), y, accumulate: false, y, _context.Input(1).Span);
            }
        }

        // With h = x inverse and g = scale dy: dx = inverse (g - h mean(g h)).
        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            KernelSet kernels = _context.Kernels;
            Span<float> g = Scratch.Get(Scratch.Purpose.Line, _length);
            Span<float> dot = stackalloc float[1];
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> x = Row(_context.Input(0), row);
                float inverse = _inverse[row];
                kernels.Apply(new BinaryValue<MulFunction>(default), g, accumulate: false, Row(_context.OutputGradients[0]!, row), _context.Input(1).Span);
                kernels.DotRows(1, 1, _length, g, _length, x, _length, dot, 1);
                kernels.AddScaled(x, -dot[0] * inverse * inverse / _length, g);
                GradientSlot slot = _context.InputGradients[0]!;
                if (slot.Accumulate)
                    kernels.AddScaled(g, inverse, Row(slot.Tensor, row));
                else
                    kernels.Scale(g, inverse, Row(slot.Tensor, row));
            }
        }

        private void BackwardScale(GradientSlot slot)
        {
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            Span<float> h = Scratch.Get(Scratch.Purpose.Line, _length);
            for (int row = 0; row < _rows; row++)
            {
                _context.Kernels.Scale(Row(_context.Input(0), row), _inverse[row], h);
                _context.Kernels.Apply(new BinaryValue<MulFunction>(default), slot.Tensor.Span, accumulate: true, h, Row(_context.OutputGradients[0]!, row));
            }
        }
    }
}
