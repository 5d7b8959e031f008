using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>What a reduction makes of the values it takes together.</summary>
public enum Reduction
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest; equal ones share its gradient.</summary>
    Max,

    /// <summary>The smallest; equal ones share its gradient.</summary>
    Min,
}

/// <summary>Takes together the values along some axes. ONNX ReduceSum, ReduceMean, ReduceMax and ReduceMin.</summary>
/// <param name="Kind">What is made of them.</param>
/// <param name="Axes">The axes, negative ones from the end; none means all.</param>
/// <param name="KeepDims">True (default) if the axes stay, with the extent 1.</param>
public sealed record Reduce(Reduction Kind, ValueList<int> Axes, bool KeepDims = true) : Op
{
    /// <inheritdoc/>
    public override string Type => $"Reduce{Kind}";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads =>
        Kind is Reduction.Sum or Reduction.Mean ? BackwardReads.None : BackwardReads.Inputs | BackwardReads.Outputs;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        bool[] reduced = Networks.Axes.Mark(Type, Axes, inputs[0]);
        return [KeepDims ? Kept(inputs[0]) : new Shape([.. inputs[0].Extents.Where((_, axis) => !reduced[axis])])];
    }

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private Shape Kept(Shape input)
    {
        bool[] reduced = Networks.Axes.Mark(Type, Axes, input);
        return new Shape([.. input.Extents.Select((extent, axis) => reduced[axis] ? 1 : extent)]);
    }

    private sealed class Bound : BoundOp
    {
        private readonly Reduction _kind;
        private readonly BindContext _context;

        // The input is the whole, and the output what is broadcast over it.
        private readonly Broadcasting _plan;
        private readonly float _factor;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;
        private readonly float[] _shares;

        public Bound(Reduce op, BindContext context)
        {
            _kind = op.Kind;
            _context = context;
            Shape input = context.Input(0).Shape;
            _plan = new Broadcasting(input, op.Kept(input));
            _factor = op.Kind == Reduction.Mean ? (float)context.Outputs[0].Shape.Count / input.Count : 1;
            _forward = ForwardShare;
            _backward = op.Kind is Reduction.Sum or Reduction.Mean ? SpreadShare : SelectShare;
            bool counts = op.Kind is Reduction.Max or Reduction.Min && context.InputGradients[0] is not null;
            _shares = new float[counts ? context.Outputs[0].Shape.Count : 0];
        }

        private long Cost => (long)_plan.Rows * _plan.RowLength;

        public override void Forward()
        {
            _context.Outputs[0].Span.Fill(_kind switch
            {
                Reduction.Max => float.NegativeInfinity,
                Reduction.Min => float.PositiveInfinity,
                _ => 0,
            });
            _context.Workers.Run(_forward, Cost);
            if (_kind == Reduction.Mean)
                _context.Kernels.Scale(_context.Outputs[0].Span, _factor, _context.Outputs[0].Span);
        }

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backward, Cost);
        }

        private Span<float> InputRow(Tensor tensor, int row) => tensor.Span.Slice(row * _plan.RowLength, _plan.RowLength);

        private void ForwardShare(int share)
        {
            (int start, int end) = _plan.SharedRows(0, _context.Workers, share);
            for (int row = start; row < end; row++)
            {
                Span<float> values = InputRow(_context.Input(0), row);
                Span<float> result = _plan.Row(0, _context.Outputs[0], row);
                switch (_kind)
                {
                    case Reduction.Max:
                        Extreme(default(MaxFunction), values, result);
                        break;
                    case Reduction.Min:
                        Extreme(default(MinFunction), values, result);
                        break;
                    default:
                        if (_plan.Runs(0))
                            _context.Kernels.Add(values, result, result);
                        else
                            result[0] += _context.Kernels.Sum(values);
                        break;
                }
            }
        }

        private void Extreme<F>(F function, ReadOnlySpan<float> values, Span<float> result)
            where F : struct, IBinaryFunction
        {
            if (_plan.Runs(0))
            {
                _context.Kernels.Apply(new BinaryValue<F>(function), result, accumulate: false, result, values);
                return;
            }
            float best = result[0];
            foreach (float value in values)
                best = function.Value<Numerics.Simd.Simd1>(best, value);
            result[0] = best;
        }

        private void SpreadShare(int share)
        {
            GradientSlot slot = _context.InputGradients[0]!;
            (int start, int end) = _context.Workers.Share(_plan.Rows, share);
            for (int row = start; row < end; row++)
            {
                _context.Kernels.Apply(
                    new BinaryValue<MulFunction>(default),
                    InputRow(slot.Tensor, row),
                    slot.Accumulate,
                    _plan.Row(0, _context.OutputGradients[0]!, row),
                    new ReadOnlySpan<float>(in _factor));
            }
        }

        // Twice over the rows: how many values equal the extreme one, then what each of them gets.
        private void SelectShare(int share)
        {
            GradientSlot slot = _context.InputGradients[0]!;
            (int start, int end) = _plan.SharedRows(0, _context.Workers, share);
            for (int row = start; row < end; row++)
                Visit(row, Pass.Clear, slot);
            for (int row = start; row < end; row++)
                Visit(row, Pass.Count, slot);
            for (int row = start; row < end; row++)
                Visit(row, Pass.Spread, slot);
        }

        private enum Pass
        {
            Clear,
            Count,
            Spread,
        }

        private void Visit(int row, Pass pass, GradientSlot slot)
        {
            ReadOnlySpan<float> values = InputRow(_context.Input(0), row);
            Span<float> gradient = InputRow(slot.Tensor, row);
            int first = _plan.Offset(0, row);
            int step = _plan.Runs(0) ? 1 : 0;
            ReadOnlySpan<float> extremes = _context.Outputs[0].Span;
            ReadOnlySpan<float> given = _context.OutputGradients[0]!.Span;
            for (int i = 0; i < values.Length; i++)
            {
                int at = first + i * step;
                bool chosen = values[i] == extremes[at];
                if (pass == Pass.Clear)
                    _shares[at] = 0;
                else if (pass == Pass.Count)
                    _shares[at] += chosen ? 1 : 0;
                else
                    gradient[i] = (slot.Accumulate ? gradient[i] : 0) + (chosen ? given[at] / _shares[at] : 0);
            }
        }
    }
}
