using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>An operator that only moves (or weighs) elements by a plan that depends on shapes alone.</summary>
public abstract record MovementOp : Op
{
    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => Fill >= 0 && !inputs.Contains(false);

    /// <summary>The value of elements that come from nowhere.</summary>
    internal virtual float Fill => 0;

    /// <summary>The boxes to copy. Together they write every element of every output once, or are all weighted.</summary>
    internal abstract ImmutableArray<CopyPiece> Plan(ImmutableArray<Shape> inputs, ImmutableArray<Shape> outputs);

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly float _fill;
        private readonly ImmutableArray<CopyPiece> _pieces;
        private readonly long _cost;
        private readonly Action<int> _forward;

        public Bound(MovementOp op, BindContext context)
        {
            _context = context;
            _fill = op.Fill;
            _pieces = op.Plan([.. context.Inputs.Select(input => input!.Shape)], [.. context.Outputs.Select(output => output.Shape)]);
            _cost = _pieces.Sum(piece => (long)piece.Rows * piece.Width);
            _forward = ForwardShare;
        }

        public override void Forward()
        {
            if (_pieces[0].IsWeighted)
                _context.Outputs[0].Span.Clear();
            _context.Workers.Run(_forward, _cost);
        }

        // By one thread: several elements of the output may be copies of one of the input.
        public override void Backward()
        {
            foreach (GradientSlot? slot in _context.InputGradients)
            {
                if (slot is { Accumulate: false })
                    slot.Tensor.Span.Clear();
            }
            foreach (CopyPiece piece in _pieces)
            {
                if (_context.InputGradients[piece.Input] is { } slot && _context.OutputGradients[piece.Output] is { } gradient)
                    piece.Scatter(gradient.Span, slot.Tensor.Span);
            }
        }

        private void ForwardShare(int share)
        {
            foreach (CopyPiece piece in _pieces)
            {
                (int start, int end) = _context.Workers.Share(piece.Rows, share);
                ReadOnlySpan<float> from = _context.Input(piece.Input).Span;
                Span<float> to = _context.Outputs[piece.Output].Span;
                if (piece.IsWeighted)
                    piece.Accumulate(from, to, start, end);
                else
                    piece.Copy(from, to, _fill, start, end);
            }
        }
    }
}
