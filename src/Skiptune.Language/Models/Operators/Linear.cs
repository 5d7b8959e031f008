using System.Collections.Immutable;
using Skiptune.Language.Weights;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>y = x W^T + b over the last axis, with a weight that is trained. Inputs: x, W (out x in), optional b (out).</summary>
internal sealed record Linear : Op
{
    /// <inheritdoc/>
    public override string Type => "Linear";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1, 2];

    /// <inheritdoc/>
    public override int BiasInput => 2;

    /// <inheritdoc/>
    public override bool IsWeightLayer => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length is not (2 or 3) || inputs[0].Rank < 2 || inputs[1].Rank != 2 || inputs[0][-1] != inputs[1][1] || (inputs.Length == 3 && inputs[2].Count != inputs[1][0]))
            throw new SkiptuneException($"Linear cannot take {string.Join(" and ", inputs)}");
        return [new Shape([.. inputs[0].Extents[..^1], inputs[1][0]])];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)inputs[0].Count * inputs[1][0];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private sealed unsafe class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly WeightMatrix _weight;
        private readonly Tensor? _bias;
        private readonly int _rows;
        private readonly int _inputs;
        private readonly int _outputs;
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardInput;
        private readonly Action<int> _backwardWeight;

        public Bound(BindContext context)
        {
            _context = context;
            Tensor weight = context.Input(1);
            (_outputs, _inputs) = (weight.Shape[0], weight.Shape[1]);
            _weight = new WeightMatrix(WeightFormat.F32, _outputs, _inputs, weight, (byte*)weight.Address);
            _bias = context.Inputs.Length == 3 ? context.Inputs[2] : null;
            _rows = context.Input(0).Shape.Count / _inputs;
            _forward = ForwardShare;
            _backwardInput = BackwardInputShare;
            _backwardWeight = BackwardWeightShare;
        }

        private long Cost => (long)_rows * _inputs * _outputs;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            Run(0, _backwardInput);
            Run(1, _backwardWeight);
            if (_bias is null || _context.InputGradients[2] is not { } bias)
                return;
            if (!bias.Accumulate)
                bias.Tensor.Span.Clear();
            for (int row = 0; row < _rows; row++)
                _context.Kernels.AddScaled(_context.OutputGradients[0]!.Span.Slice(row * _outputs, _outputs), 1, bias.Tensor.Span);
        }

        private void Run(int input, Action<int> work)
        {
            if (_context.InputGradients[input] is not { } slot)
                return;
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            _context.Workers.Run(work, Cost);
        }

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_outputs, share, KernelSet.Lanes);
            Span<float> output = _context.Outputs[0].Span;
            _weight.Multiply(_context.Kernels, _rows, _context.Input(0).Span, output, start, end);
            for (int row = 0; row < _rows && _bias is not null && start < end; row++)
                _context.Kernels.AddScaled(_bias.Span[start..end], 1, output.Slice(row * _outputs + start, end - start));
        }

        private void BackwardInputShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            if (start < end)
                _weight.MultiplyBack(_context.Kernels, end - start, _context.OutputGradients[0]!.Span[(start * _outputs)..], _context.InputGradients[0]!.Tensor.Span[(start * _inputs)..]);
        }

        // dW (out x in) += dy^T x: a share is a range of its rows.
        private void BackwardWeightShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_outputs, share);
            if (start == end)
                return;
            _context.Kernels.MultiplyAdd(
                end - start,
                _inputs,
                _rows,
                new Matrix(_context.OutputGradients[0]!.Span[start..], 1, _outputs),
                new Matrix(_context.Input(0).Span, _inputs),
                _context.InputGradients[1]!.Tensor.Span[(start * _inputs)..],
                _inputs);
        }
    }
}
