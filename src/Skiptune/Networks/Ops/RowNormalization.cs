using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Brings each row of values to mean 0 and variance 1, then y = scale * that + bias. Inputs: x, scale, bias. What a row is,
/// and which scale and bias it has, the operators below say.
/// </summary>
/// <param name="Epsilon">Added to the variance; 0 or more.</param>
public abstract record RowNormalization(float Epsilon) : Op
{
    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1, 2];

    /// <inheritdoc/>
    public override int BiasInput => 2;

    /// <summary>The first axis of a row; its values run to the last axis.</summary>
    private protected abstract int RowAxis(Shape x);

    /// <summary>True if scale and bias have a value for each value of a row, false for one value for each row of a sample.</summary>
    private protected abstract bool ByElement { get; }

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly RowNormalization _op;
        private readonly BindContext _context;
        private readonly Tensor? _bias;
        private readonly int _rows;
        private readonly int _length;
        private readonly int _factors;
        private readonly float[] _mean;
        private readonly float[] _inverseDeviation;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(RowNormalization op, BindContext context)
        {
            _op = op;
            _context = context;
            Shape x = context.Input(0).Shape;
            _length = x.Product(op.RowAxis(x), x.Rank);
            _rows = x.Count / _length;
            _factors = context.Input(1).Shape.Count;
            _bias = context.Inputs.Length > 2 ? context.Inputs[2] : null;
            _mean = new float[_rows];
            _inverseDeviation = new float[_rows];
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        // About as many passes over the values.
        private long Cost => 8L * _rows * _length;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, Cost);
            BackwardFactors();
        }

        private Span<float> Row(Tensor tensor, int row) => tensor.Span.Slice(row * _length, _length);

        /// <summary>A row's values of scale, bias or their gradients: as many as the row has, or one.</summary>
        private Span<float> Factor(Tensor tensor, int row) => _op.ByElement ? tensor.Span : tensor.Span.Slice(row % _factors, 1);

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            KernelSet kernels = _context.Kernels;
            Span<float> variance = stackalloc float[1];
            for (int row = start; row < end; row++)
            {
                ReadOnlySpan<float> x = Row(_context.Input(0), row);
                Span<float> y = Row(_context.Outputs[0], row);
                _mean[row] = kernels.Sum(x) / _length;
                kernels.MultiplyAdd(x, 1, -_mean[row], y);
                kernels.DotRows(1, 1, _length, y, _length, y, _length, variance, 1);
                _inverseDeviation[row] = 1 / MathF.Sqrt(variance[0] / _length + _op.Epsilon);
                kernels.Scale(y, _inverseDeviation[row], y);
                kernels.Apply(new BinaryValue<MulFunction>(default), y, accumulate: false, y, Factor(_context.Input(1), row));
                if (_bias is not null)
                    kernels.Apply(new BinaryValue<AddFunction>(default), y, accumulate: false, y, Factor(_bias, row));
            }
        }

        private Span<float> Normalized(int row, Span<float> h)
        {
            _context.Kernels.MultiplyAdd(Row(_context.Input(0), row), 1, -_mean[row], h);
            _context.Kernels.Scale(h, _inverseDeviation[row], h);
            return h;
        }

        // With h = (x - mean) / deviation and g = scale dy: dx = (g - mean(g) - h mean(g h)) / deviation.
        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            GradientSlot slot = _context.InputGradients[0]!;
            KernelSet kernels = _context.Kernels;
            Span<float> buffer = Scratch.Get(Scratch.Purpose.Line, 2 * _length);
            Span<float> h = buffer[.._length];
            Span<float> g = buffer[_length..];
            Span<float> dot = stackalloc float[1];
            for (int row = start; row < end; row++)
            {
                Normalized(row, h);
                kernels.Apply(
                    new BinaryValue<MulFunction>(default), g, accumulate: false, Row(_context.OutputGradients[0]!, row), Factor(_context.Input(1), row));
                kernels.DotRows(1, 1, _length, g, _length, h, _length, dot, 1);
                kernels.MultiplyAdd(g, 1, -kernels.Sum(g) / _length, g);
                kernels.AddScaled(h, -dot[0] / _length, g);
                kernels.Apply(
                    new BinaryValue<MulFunction>(default), Row(slot.Tensor, row), slot.Accumulate, g, _inverseDeviation.AsSpan(row, 1));
            }
        }

        // dscale = sum of dy h, dbias = sum of dy, row after row.
        private void BackwardFactors()
        {
            GradientSlot? scale = _context.InputGradients[1];
            GradientSlot? bias = _bias is null ? null : _context.InputGradients[2];
            if (scale is null && bias is null)
                return;
            if (scale is { Accumulate: false })
                scale.Tensor.Span.Clear();
            if (bias is { Accumulate: false })
                bias.Tensor.Span.Clear();
            Span<float> h = Scratch.Get(Scratch.Purpose.Line, _length);
            for (int row = 0; row < _rows; row++)
            {
                Span<float> dy = Row(_context.OutputGradients[0]!, row);
                if (bias is not null)
                    AddTo(Factor(bias.Tensor, row), dy);
                if (scale is null)
                    continue;
                Normalized(row, h);
                _context.Kernels.Apply(new BinaryValue<MulFunction>(default), h, accumulate: false, h, dy);
                AddTo(Factor(scale.Tensor, row), h);
            }
        }

        private void AddTo(Span<float> sums, ReadOnlySpan<float> values)
        {
            if (_op.ByElement)
                _context.Kernels.Add(sums, values, sums);
            else
                sums[0] += _context.Kernels.Sum(values);
        }
    }
}

/// <summary>
/// Layer normalisation (Ba et al., 2016) over the axes from <paramref name="Axis"/> to the last. ONNX LayerNormalization.
/// Inputs: x, scale and optional bias, both of the shape of those axes.
/// </summary>
/// <param name="Axis">The first axis that is normalised over, negative from the end; default -1.</param>
/// <param name="Epsilon">Added to the variance; default 1e-5.</param>
public sealed record LayerNormalization(int Axis = -1, float Epsilon = 1e-5f) : RowNormalization(Epsilon)
{
    /// <inheritdoc/>
    public override string Type => "LayerNormalization";

    private protected override bool ByElement => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        int axis = Axes.Normalize(Type, Axis, inputs[0]);
        int length = inputs[0].Product(axis, inputs[0].Rank);
        foreach (Shape factor in inputs.Skip(1).Where((shape, i) => i == 0 || shape.Rank > 0))
        {
            if (factor.Count != length)
                throw new SkiptuneException($"LayerNormalization over {length} values of {inputs[0]} cannot use {factor} values");
        }
        return [inputs[0]];
    }

    private protected override int RowAxis(Shape x) => Axes.Normalize(Type, Axis, x);
}

/// <summary>
/// Normalises each plane of each sample (Ulyanov et al., 2016). ONNX InstanceNormalization. Inputs: x (n x C x ...),
/// scale, bias (C values each).
/// </summary>
/// <param name="Epsilon">Added to the variance; default 1e-5.</param>
public sealed record InstanceNormalization(float Epsilon = 1e-5f) : RowNormalization(Epsilon)
{
    /// <inheritdoc/>
    public override string Type => "InstanceNormalization";

    private protected override bool ByElement => false;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 3 || inputs[0].Rank < 3 || inputs[1] != new Shape(inputs[0][1]) || inputs[2] != inputs[1])
            throw new SkiptuneException($"InstanceNormalization takes a batch of planes and two vectors, not {string.Join(" and ", inputs)}");
        return [inputs[0]];
    }

    private protected override int RowAxis(Shape x) => 2;
}
