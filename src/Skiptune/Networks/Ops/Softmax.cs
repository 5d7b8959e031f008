using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// e^x / sum of e^x along an axis, or its logarithm; the maximum is taken off first, so that no finite input overflows.
/// ONNX Softmax and LogSoftmax.
/// </summary>
/// <param name="Axis">The axis, negative from the end; default -1.</param>
/// <param name="Log">True for the logarithm.</param>
/// <param name="ToEnd">True to take the axis and all behind it as one (operator sets before 13); default false.</param>
public sealed record Softmax(int Axis = -1, bool Log = false, bool ToEnd = false) : Op
{
    /// <inheritdoc/>
    public override string Type => Log ? "LogSoftmax" : "Softmax";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        Axes.Normalize(Type, Axis, inputs[0]);
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => !Log;

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly bool _log;
        private readonly BindContext _context;

        // outer x length x inner: a line has one value in each of length blocks of inner.
        private readonly int _lines;
        private readonly int _length;
        private readonly int _inner;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(Softmax op, BindContext context)
        {
            _log = op.Log;
            _context = context;
            Shape shape = context.Input(0).Shape;
            int axis = Axes.Normalize(op.Type, op.Axis, shape);
            _inner = op.ToEnd ? 1 : shape.Product(axis + 1, shape.Rank);
            _length = op.ToEnd ? shape.Product(axis, shape.Rank) : shape[axis];
            _lines = shape.Count / _length;
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        // An exponential takes about as long as this many multiply-adds.
        private long Cost => 8L * _lines * _length;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, Cost);
        }

        private int Start(int line) => line / _inner * _length * _inner + line % _inner;

        private void ForwardShare(int share)
        {
            (int first, int end) = _context.Workers.Share(_lines, share);
            Span<float> buffer = Scratch.Get(Scratch.Purpose.Line, 2 * _length);
            Span<float> x = buffer[.._length];
            Span<float> y = buffer[_length..];
            for (int line = first; line < end; line++)
            {
                Gather(_context.Input(0), line, x);
                (float maximum, float sum) = _context.Kernels.Softmax(x, y);
                if (_log)
                {
                    // In two steps: next to a large maximum the logarithm would be lost.
                    float rest = Elementary.Log<Numerics.Simd.Simd1>(sum);
                    _context.Kernels.MultiplyAdd(x, 1, -maximum, y);
                    _context.Kernels.MultiplyAdd(y, 1, -rest, y);
                }
                Span<float> output = _context.Outputs[0].Span;
                for (int i = 0, at = Start(line); i < _length; i++, at += _inner)
                    output[at] = y[i];
            }
        }

        // dx = y (dy - sum of dy y), or dy - e^y sum of dy.
        private void BackwardShare(int share)
        {
            (int first, int end) = _context.Workers.Share(_lines, share);
            GradientSlot slot = _context.InputGradients[0]!;
            Span<float> buffer = Scratch.Get(Scratch.Purpose.Line, 2 * _length);
            Span<float> y = buffer[.._length];
            Span<float> dy = buffer[_length..];
            Span<float> gradient = slot.Tensor.Span;
            for (int line = first; line < end; line++)
            {
                Gather(_context.Outputs[0], line, y);
                Gather(_context.OutputGradients[0]!, line, dy);
                if (_log)
                {
                    float sum = _context.Kernels.Sum(dy);
                    _context.Kernels.Apply(new UnaryValue<ExpFunction>(default), y, accumulate: false, y);
                    _context.Kernels.AddScaled(y, -sum, dy);
                }
                else
                {
                    _context.Kernels.Apply(new BinaryValue<MulFunction>(default), dy, accumulate: false, dy, y);
                    float sum = _context.Kernels.Sum(dy);
                    _context.Kernels.AddScaled(y, -sum, dy);
                }
                for (int i = 0, at = Start(line); i < _length; i++, at += _inner)
                    gradient[at] = slot.Accumulate ? gradient[at] + dy[i] : dy[i];
            }
        }

        private void Gather(Tensor tensor, int line, Span<float> values)
        {
            ReadOnlySpan<float> source = tensor.Span;
            if (_inner == 1)
            {
                source.Slice(line * _length, _length).CopyTo(values);
                return;
            }
            for (int i = 0, at = Start(line); i < _length; i++, at += _inner)
                values[i] = source[at];
        }
    }
}
