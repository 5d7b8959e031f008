using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>A function of each value by itself: any shape to the same shape.</summary>
public abstract record UnaryOp : Op
{
    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [inputs[0]];

    private protected static BoundOp Bind<F>(F function, BindContext context)
        where F : struct, IUnaryFunction => new Bound<F>(function, context);

    private sealed class Bound<F> : BoundOp
        where F : struct, IUnaryFunction
    {
        private readonly F _function;
        private readonly BindContext _context;
        private readonly int _count;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(F function, BindContext context)
        {
            _function = function;
            _context = context;
            _count = context.Outputs[0].Shape.Count;
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        // A function takes about as long as this many multiply-adds.
        private long Cost => 8L * _count;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, Cost);
        }

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_count, share, KernelSet.Lanes);
            _context.Kernels.Apply(
                new UnaryValue<F>(_function), _context.Outputs[0].Span[start..end], accumulate: false, _context.Input(0).Span[start..end]);
        }

        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_count, share, KernelSet.Lanes);
            GradientSlot slot = _context.InputGradients[0]!;
            _context.Kernels.Apply(
                new UnaryGradient<F>(_function),
                slot.Tensor.Span[start..end],
                slot.Accumulate,
                _context.Input(0).Span[start..end],
                _context.Outputs[0].Span[start..end],
                _context.OutputGradients[0]!.Span[start..end]);
        }
    }
}
