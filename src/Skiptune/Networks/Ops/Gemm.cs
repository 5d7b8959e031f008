using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A fully connected layer: y (n x out) = x (n x in) * W + bias, with W in x out, or out x in if
/// <paramref name="TransposeB"/>. ONNX Gemm, whose
/// alpha and beta the reader folds into the weight and the bias. Inputs: x, W, optional bias (out values).
/// </summary>
/// <param name="TransposeB">True if W is stored out x in.</param>
public sealed record Gemm(bool TransposeB = true) : Op
{
    /// <inheritdoc/>
    public override string Type => "Gemm";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1, 2];

    /// <inheritdoc/>
    public override int BiasInput => 2;

    /// <inheritdoc/>
    public override bool IsWeightLayer => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length is < 2 or > 3 || inputs[0].Rank != 2 || inputs[1].Rank != 2)
            throw new SkiptuneException($"Gemm takes a batch of vectors and a matrix, not {string.Join(" and ", inputs)}");
        int depth = inputs[1][TransposeB ? 1 : 0];
        int columns = inputs[1][TransposeB ? 0 : 1];
        if (inputs[0][1] != depth)
            throw new SkiptuneException($"Gemm's input has {inputs[0][1]} values a sample, its weight takes {depth}");
        if (inputs.Length == 3 && inputs[2].Rank != 0 && (inputs[2].Count != columns || inputs[2][-1] != columns))
            throw new SkiptuneException($"Gemm's bias of {inputs[2]} does not fit {columns} outputs");
        return [new Shape(inputs[0][0], columns)];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)inputs[0][0] * inputs[1].Count;

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly Gemm _op;
        private readonly BindContext _context;
        private readonly Tensor? _bias;
        private readonly int _rows;
        private readonly int _depth;
        private readonly int _columns;
        private readonly Tensor? _turned; // a frozen weight as in x out, where the rows are too few to run along the vectors
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardInput;
        private readonly Action<int> _backwardWeight;

        public Bound(Gemm op, BindContext context)
        {
            _op = op;
            _context = context;
            _bias = context.Inputs.Length == 3 ? context.Inputs[2] : null;
            (_rows, _depth) = (context.Input(0).Shape[0], context.Input(0).Shape[1]);
            _columns = context.Outputs[0].Shape[1];
            if (op.TransposeB && context.Frozen[1] && _rows < KernelSet.Lanes)
                _turned = context.Program.Turned(context.Input(1));
            _forward = ForwardShare;
            _backwardInput = BackwardInputShare;
            _backwardWeight = BackwardWeightShare;
        }

        private long Cost => (long)_rows * _depth * _columns;

        private Matrix Weight(int fromColumn) => _turned is not null
            ? new Matrix(_turned.Span[fromColumn..], _columns)
            : _op.TransposeB
            ? new Matrix(_context.Input(1).Span[(fromColumn * _depth)..], 1, _depth)
            : new Matrix(_context.Input(1).Span[fromColumn..], _columns);

        public override void Forward()
        {
            Span<float> output = _context.Outputs[0].Span;
            for (int row = 0; row < _rows; row++)
            {
                Span<float> start = output.Slice(row * _columns, _columns);
                if (_bias is null)
                    start.Clear();
                else
                    _bias.Span.CopyTo(start);
            }
            _context.Workers.Run(_forward, Cost);
        }

        public override void Backward()
        {
            if (_context.InputGradients[0] is { } input)
            {
                if (!input.Accumulate)
                    input.Tensor.Span.Clear();
                _context.Workers.Run(_backwardInput, Cost);
            }
            if (_context.InputGradients[1] is { } weight)
            {
                if (!weight.Accumulate)
                    weight.Tensor.Span.Clear();
                _context.Workers.Run(_backwardWeight, Cost);
            }
            if (_bias is not null && _context.InputGradients[2] is { } bias)
            {
                if (!bias.Accumulate)
                    bias.Tensor.Span.Clear();
                for (int row = 0; row < _rows; row++)
                    _context.Kernels.AddScaled(_context.OutputGradients[0]!.Span.Slice(row * _columns, _columns), 1, bias.Tensor.Span);
            }
        }

        // Each share is a range of output columns, so every weight is read by one thread.
        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_columns, share, KernelSet.Lanes);
            if (start < end)
            {
                _context.Kernels.MultiplyAdd(
                    _rows, end - start, _depth, new Matrix(_context.Input(0).Span, _depth), Weight(start), _context.Outputs[0].Span[start..], _columns);
            }
        }

        // dX (rows x depth) += dY (rows x columns) * W^T (columns x depth): a share is a range of dX's columns.
        private void BackwardInputShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_depth, share, KernelSet.Lanes);
            if (start == end)
                return;
            Matrix weight = _op.TransposeB
                ? new Matrix(_context.Input(1).Span[start..], _depth)
                : new Matrix(_context.Input(1).Span[(start * _columns)..], 1, _columns);
            _context.Kernels.MultiplyAdd(_rows, end - start, _columns, new Matrix(_context.OutputGradients[0]!.Span, _columns), weight, _context.InputGradients[0]!.Tensor.Span[start..], _depth);
        }

        // dW += dY^T X, or its transpose: a share is a range of dW's rows.
        private void BackwardWeightShare(int share)
        {
            Tensor gradient = _context.InputGradients[1]!.Tensor;
            int rows = gradient.Shape[0];
            int columns = gradient.Shape[1];
            (int start, int end) = _context.Workers.Share(rows, share);
            if (start == end)
                return;
            (Tensor left, Tensor right) = _op.TransposeB ? (_context.OutputGradients[0]!, _context.Input(0)) : (_context.Input(0), _context.OutputGradients[0]!);
            _context.Kernels.MultiplyAdd(
                end - start, columns, _rows, new Matrix(left.Span[start..], 1, rows), new Matrix(right.Span, columns), gradient.Span[(start * columns)..], columns);
        }
    }
}
