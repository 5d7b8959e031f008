using System.Collections.Immutable;
using Skiptune.Language.Weights;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>y = x W^T + b over the last axis, with a weight that stays as its file holds it. Input: x.</summary>
/// <param name="Weight">out x in.</param>
/// <param name="Bias">out values, or null.</param>
internal sealed record FrozenLinear(WeightMatrix Weight, Tensor? Bias = null) : Op
{
    /// <inheritdoc/>
    public override string Type => "FrozenLinear";

    /// <inheritdoc/>
    public override bool IsWeightLayer => true;

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) => inputs.Length == 1 && inputs[0].Rank > 1 && inputs[0][-1] == Weight.Columns
        ? [new Shape([.. inputs[0].Extents[..^1], Weight.Rows])]
        : throw new SkiptuneException($"FrozenLinear of {Weight.Columns} inputs cannot take {inputs[0]}");

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)inputs[0].Count * Weight.Rows;

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly WeightMatrix _weight;
        private readonly Tensor? _bias;
        private readonly BindContext _context;
        private readonly int _rows;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(FrozenLinear op, BindContext context)
        {
            (_weight, _bias, _context) = (op.Weight, op.Bias, context);
            _rows = context.Input(0).Shape.Count / _weight.Columns;
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        private long Cost => (long)_rows * _weight.Rows * _weight.Columns;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is { Accumulate: false } slot)
                slot.Tensor.Span.Clear();
            _context.Workers.Run(_backward, Cost);
        }

        // A share is a range of outputs, so that every weight is decoded once.
        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_weight.Rows, share, KernelSet.Lanes);
            Span<float> output = _context.Outputs[0].Span;
            _weight.Multiply(_context.Kernels, _rows, _context.Input(0).Span, output, start, end);
            for (int row = 0; row < _rows && _bias is not null && start < end; row++)
                _context.Kernels.AddScaled(_bias.Span[start..end], 1, output.Slice(row * _weight.Rows + start, end - start));
        }

        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            if (start < end && _context.InputGradients[0] is { } slot)
            {
                _weight.MultiplyBack(
                    _context.Kernels, end - start, _context.OutputGradients[0]!.Span[(start * _weight.Rows)..], slot.Tensor.Span[(start * _weight.Columns)..]);
            }
        }
    }
}
