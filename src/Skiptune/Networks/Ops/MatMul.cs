using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Matrix products: a (.. x M x K) times b (.. x K x N) is .. x M x N, with NumPy's broadcasting over the axes in front.
/// ONNX MatMul.
/// </summary>
/// <param name="HasWeight">
/// True if b is a weight, a matrix in x out: a fully connected layer over the last axis, which is trained, adapted and
/// tapped like one. Default false.
/// </param>
public sealed record MatMul(bool HasWeight = false) : Op
{
    /// <inheritdoc/>
    public override string Type => "MatMul";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => HasWeight ? [1] : [];

    /// <inheritdoc/>
    public override bool IsWeightLayer => HasWeight;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 2 || inputs.Any(shape => shape.Rank < 2) || (HasWeight && inputs[1].Rank != 2))
            throw new SkiptuneException($"MatMul takes two batches of matrices{(HasWeight ? ", the second a matrix" : "")}, not {string.Join(" and ", inputs)}");
        if (inputs[0][-1] != inputs[1][-2] || Broadcasting.TryJoin(Front(inputs[0]), Front(inputs[1])) is not { } front)
            throw new SkiptuneException($"MatMul cannot multiply {inputs[0]} with {inputs[1]}");
        return [new Shape([.. front.Extents, inputs[0][-2], inputs[1][-1]])];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)InferShapes(inputs)[0].Count * inputs[0][-1];

    internal override BoundOp Bind(BindContext context) => new Bound(context);

    private static Shape Front(Shape shape) => new(shape.Extents.AsSpan()[..^2]);

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;
        private readonly int _products;
        private readonly int _rows;
        private readonly int _depth;
        private readonly int _columns;

        // Where the matrices of each product start in a and in b.
        private readonly int[] _left;
        private readonly int[] _right;
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardLeft;
        private readonly Action<int> _backwardRight;

        public Bound(BindContext context)
        {
            _context = context;
            (Shape a, Shape b, Shape y) = (context.Input(0).Shape, context.Input(1).Shape, context.Outputs[0].Shape);
            (_rows, _depth, _columns) = (a[-2], a[-1], b[-1]);
            _products = y.Product(0, y.Rank - 2);
            if (b.Product(0, b.Rank - 2) == 1)
            {
                // One matrix on the right: all matrices on the left are one high one.
                _rows *= _products;
                _products = 1;
            }
            (_left, _right) = (new int[_products], new int[_products]);
            if (_products > 1)
            {
                Broadcasting plan = new(Front(y), Front(a), Front(b));
                for (int i = 0; i < _products; i++)
                {
                    (int row, int at) = (i / plan.RowLength, i % plan.RowLength);
                    _left[i] = (plan.Offset(0, row) + (plan.Runs(0) ? at : 0)) * _rows * _depth;
                    _right[i] = (plan.Offset(1, row) + (plan.Runs(1) ? at : 0)) * _depth * _columns;
                }
            }
            _forward = ForwardShare;
            _backwardLeft = BackwardLeftShare;
            _backwardRight = BackwardRightShare;
        }

        private long Cost => (long)_products * _rows * _depth * _columns;

        public override void Forward()
        {
            _context.Outputs[0].Span.Clear();
            _context.Workers.Run(_forward, Cost);
        }

        public override void Backward()
        {
            Backward(_context.InputGradients[0], _backwardLeft);
            Backward(_context.InputGradients[1], _backwardRight);
        }

        private void Backward(GradientSlot? slot, Action<int> work)
        {
            if (slot is null)
                return;
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            _context.Workers.Run(work, Cost);
        }

        // A share is a range of rows of every product, so that no two members write the same values.
        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            for (int i = 0; i < _products && start < end; i++)
            {
                _context.Kernels.MultiplyAdd(
                    end - start,
                    _columns,
                    _depth,
                    new Matrix(_context.Input(0).Span[(_left[i] + start * _depth)..], _depth),
                    new Matrix(_context.Input(1).Span[_right[i]..], _columns),
                    _context.Outputs[0].Span[((i * _rows + start) * _columns)..],
                    _columns);
            }
        }

        // da (rows x depth) += dy b^T.
        private void BackwardLeftShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            for (int i = 0; i < _products && start < end; i++)
            {
                _context.Kernels.MultiplyAdd(
                    end - start,
                    _depth,
                    _columns,
                    new Matrix(_context.OutputGradients[0]!.Span[((i * _rows + start) * _columns)..], _columns),
                    new Matrix(_context.Input(1).Span[_right[i]..], _columns).Transposed,
                    _context.InputGradients[0]!.Tensor.Span[(_left[i] + start * _depth)..],
                    _depth);
            }
        }

        // db (depth x columns) += a^T dy: a share is a range of its rows.
        private void BackwardRightShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_depth, share);
            for (int i = 0; i < _products && start < end; i++)
            {
                _context.Kernels.MultiplyAdd(
                    end - start,
                    _columns,
                    _rows,
                    new Matrix(_context.Input(0).Span[(_left[i] + start)..], 1, _depth),
                    new Matrix(_context.OutputGradients[0]!.Span[(i * _rows * _columns)..], _columns),
                    _context.InputGradients[1]!.Tensor.Span[(_right[i] + start * _columns)..],
                    _columns);
            }
        }
    }
}
