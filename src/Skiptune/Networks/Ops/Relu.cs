using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>max(x, 0). ONNX Relu.</summary>
public sealed record Relu : Op
{
    /// <inheritdoc/>
    public override string Type => "Relu";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Outputs;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => [inputs[0]];

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => true;

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly int _count;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(BindContext context)
        {
            _context = context;
            _count = context.Outputs[0].Shape.Count;
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        public override void Forward() => _context.Workers.Run(_forward, _count);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, _count);
        }

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_count, share, KernelSet.Lanes);
            _context.Kernels.Relu(_context.Input(0).Span[start..end], _context.Outputs[0].Span[start..end]);
        }

        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_count, share, KernelSet.Lanes);
            GradientSlot slot = _context.InputGradients[0]!;
            _context.Kernels.ReluBackward(
                _context.Outputs[0].Span[start..end], _context.OutputGradients[0]!.Span[start..end], slot.Tensor.Span[start..end], slot.Accumulate);
        }
    }
}
