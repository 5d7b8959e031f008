using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A function of two values, element by element, with NumPy's broadcasting: shapes are aligned at their last axes, and an
/// extent of 1 or a missing axis stands for every entry. Either may be an activation or a constant; the gradient of one
/// that is broadcast is the sum over what it stands for.
/// </summary>
public abstract record BinaryOp : Op
{
    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 2)
            throw new SkiptuneException($"{Type} takes two values, not {inputs.Length}");
        return [Broadcasting.Join(Type, inputs.AsSpan())];
    }

    private protected static BoundOp Bind<F>(F function, BindContext context)
        where F : struct, IBinaryFunction => new Bound<F>(function, context);

    private sealed class Bound<F> : BoundOp
        where F : struct, IBinaryFunction
    {
        private readonly F _function;
        private readonly BindContext _context;
        private readonly Tensor _output;
        private readonly Broadcasting _plan;
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardLeft;
        private readonly Action<int> _backwardRight;

        public Bound(F function, BindContext context)
        {
            _function = function;
            _context = context;
            _output = context.Outputs[0];
            _plan = new Broadcasting(_output.Shape, context.Input(0).Shape, context.Input(1).Shape);
            _forward = ForwardShare;
            _backwardLeft = share => BackwardShare(new LeftGradient<F>(_function), 0, share);
            _backwardRight = share => BackwardShare(new RightGradient<F>(_function), 1, share);
        }

        private long Cost => _output.Shape.Count;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            Backward(0, _backwardLeft);
            Backward(1, _backwardRight);
        }

        private bool IsWhole(int operand) => _context.Input(operand).Shape.Count == _output.Shape.Count;

        // One long row is shared by its elements, several rows are shared as they are.
        private (int Start, int End, int From, int To) Share(int share)
        {
            if (_plan.Rows == 1)
            {
                (int from, int to) = _context.Workers.Share(_plan.RowLength, share, KernelSet.Lanes);
                return (0, 1, from, to);
            }
            (int start, int end) = _context.Workers.Share(_plan.Rows, share);
            return (start, end, 0, _plan.RowLength);
        }

        private Span<float> OfOutput(Tensor tensor, int row, int from, int to) => tensor.Span.Slice(row * _plan.RowLength + from, to - from);

        private void ForwardShare(int share)
        {
            (int start, int end, int from, int to) = Share(share);
            for (int row = start; row < end && from < to; row++)
            {
                _context.Kernels.Apply(
                    new BinaryValue<F>(_function),
                    OfOutput(_output, row, from, to),
                    accumulate: false,
                    _plan.Part(0, _context.Input(0), row, from, to),
                    _plan.Part(1, _context.Input(1), row, from, to));
            }
        }

        private void Backward(int operand, Action<int> work)
        {
            if (_context.InputGradients[operand] is not { } slot)
                return;
            if (!slot.Accumulate && !IsWhole(operand))
                slot.Tensor.Span.Clear();
            _context.Workers.Run(work, Cost);
        }

        private void BackwardShare<G>(G gradient, int operand, int share)
            where G : struct, IFunction
        {
            GradientSlot slot = _context.InputGradients[operand]!;
            Tensor outputGradient = _context.OutputGradients[0]!;
            bool whole = IsWhole(operand);
            (int start, int end, int from, int to) = Share(share);
            if (!whole)
                ((start, end), from, to) = (_plan.SharedRows(operand, _context.Workers, share), 0, _plan.RowLength);
            for (int row = start; row < end && from < to; row++)
            {
                Span<float> target = _plan.Part(operand, slot.Tensor, row, from, to);
                // Where one value stands for the row, its gradient is the row's sum.
                bool sums = target.Length < to - from;
                Span<float> result = sums ? Scratch.Get(Scratch.Purpose.Gradient, to - from) : target;
                _context.Kernels.Apply(
                    gradient,
                    result,
                    accumulate: !sums && (!whole || slot.Accumulate),
                    _plan.Part(0, _context.Input(0), row, from, to),
                    _plan.Part(1, _context.Input(1), row, from, to),
                    OfOutput(outputGradient, row, from, to));
                if (sums)
                    target[0] += _context.Kernels.Sum(result);
            }
        }
    }
}
