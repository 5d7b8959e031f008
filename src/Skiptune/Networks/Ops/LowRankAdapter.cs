using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Low-rank adapters from one or more values onto one: y = base + Factor * sum_k B_k (A_k x_k). With one x, the input
/// of the layer that makes the base, this is LoRA (Hu et al., 2021); with the inputs of all layers and the network's
/// output as the base it is Skip-LoRA (Matsutani et al., 2025). ONNX has no such operator: it is written as matrix
/// products and Add. Inputs: base (n x ... x C, seen as rows of C values), then all x_k (n x ... x N_k with
/// the same axes in front; n x anything of N_k values where the base is n x C), all A_k (R x N_k), all B_k (C x R).
/// </summary>
/// <param name="Taps">The number of values adapted from; at least 1.</param>
/// <param name="Factor">The scale alpha / R.</param>
public sealed record LowRankAdapter(int Taps, float Factor) : Op
{
    /// <inheritdoc/>
    public override string Type => "LowRankAdapter";

    /// <summary>The position of the k-th tapped value among the inputs.</summary>
    public static int TapInput(int k) => 1 + k;

    /// <summary>The position of A_k among the inputs.</summary>
    public int DownInput(int k) => 1 + Taps + k;

    /// <summary>The position of B_k among the inputs.</summary>
    public int UpInput(int k) => 1 + 2 * Taps + k;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 1 + 3 * Taps || inputs[0].Rank < 2)
            throw new SkiptuneException($"LowRankAdapter with {Taps} taps takes rows of values and {3 * Taps} more inputs");
        int front = inputs[0].Rank - 1;
        int rank = inputs[DownInput(0)][0];
        for (int k = 0; k < Taps; k++)
        {
            (Shape x, Shape down, Shape up) = (inputs[TapInput(k)], inputs[DownInput(k)], inputs[UpInput(k)]);
            if ((x.Rank != inputs[0].Rank && front > 1)
                || !x.Extents[..front].SequenceEqual(inputs[0].Extents[..front])
                || down != new Shape(rank, x.Product(front, x.Rank))
                || up != new Shape(inputs[0][-1], rank))
            {
                throw new SkiptuneException($"LowRankAdapter's tap {k} of {x} does not fit A of {down} and B of {up}");
            }
        }
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs)
    {
        long total = 0;
        for (int k = 0; k < Taps; k++)
            total += (long)inputs[0].Product(0, inputs[0].Rank - 1) * (inputs[DownInput(k)].Count + inputs[UpInput(k)].Count);
        return total;
    }

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly LowRankAdapter _op;
        private readonly BindContext _context;
        private readonly int _rows;
        private readonly int _classes;
        private readonly int _rank;
        private readonly Tensor _hidden; // Factor * A_k x_k: rows x (taps * rank)
        private readonly Tensor _hiddenGradient;
        private readonly long _cost;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(LowRankAdapter op, BindContext context)
        {
            _op = op;
            _context = context;
            _classes = context.Input(0).Shape[-1];
            _rows = context.Input(0).Shape.Count / _classes;
            _rank = context.Input(op.DownInput(0)).Shape[0];
            _hidden = new Tensor(new Shape(_rows, op.Taps * _rank));
            _hiddenGradient = new Tensor(_hidden.Shape);
            _cost = op.MultiplyAccumulates([.. context.Inputs.Select(input => input!.Shape)]);
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        private int Width => _op.Taps * _rank;

        // The values of a row of the k-th tap.
        private int TapWidth(int k) => _context.Input(_op.DownInput(k)).Shape[1];

        public override void Forward() => _context.Workers.Run(_forward, _cost);

        public override void Backward()
        {
            ReadOnlySpan<float> gradient = _context.OutputGradients[0]!.Span;
            _context.InputGradients[0]?.Add(_context.Kernels, gradient, 1);
            // All first: a tensor may stand in several places, and only its first is told to start from zero.
            foreach (GradientSlot? slot in _context.InputGradients.AsSpan(1))
            {
                if (slot is { Accumulate: false })
                    slot.Tensor.Span.Clear();
            }
            Matrix g = new(gradient, _classes);
            _hiddenGradient.Span.Clear();
            for (int k = 0; k < _op.Taps; k++)
            {
                // dB_k (C x R) += g^T h_k; dh_k (n x R) = Factor * g B_k
                if (_context.InputGradients[_op.UpInput(k)]?.Tensor is { } up)
                    _context.Kernels.MultiplyAdd(_classes, _rank, _rows, g.Transposed, new Matrix(_hidden.Span[(k * _rank)..], Width), up.Span, _rank);
                _context.Kernels.MultiplyAdd(
                    _rows, _rank, _classes, g, new Matrix(_context.Input(_op.UpInput(k)).Span, _rank), _hiddenGradient.Span[(k * _rank)..], Width);
            }
            if (_op.Factor != 1)
                _context.Kernels.Scale(_hiddenGradient.Span, _op.Factor, _hiddenGradient.Span);
            _context.Workers.Run(_backward, _cost);
        }

        // A share is a range of rows.
        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_rows, share);
            if (start == end)
                return;
            int rows = end - start;
            Span<float> hidden = _hidden.Span[(start * Width)..(end * Width)];
            for (int k = 0; k < _op.Taps; k++)
            {
                Tensor x = _context.Input(TapInput(k));
                int count = TapWidth(k);
                _context.Kernels.DotRows(
                    rows, _rank, count, x.Span[(start * count)..], count, _context.Input(_op.DownInput(k)).Span, count, hidden[(k * _rank)..], Width);
            }
            if (_op.Factor != 1)
                _context.Kernels.Scale(hidden, _op.Factor, hidden);
            Span<float> output = _context.Outputs[0].Span[(start * _classes)..(end * _classes)];
            _context.Input(0).Span[(start * _classes)..(end * _classes)].CopyTo(output);
            for (int k = 0; k < _op.Taps; k++)
            {
                _context.Kernels.MultiplyAdd(
                    rows, _classes, _rank, new Matrix(hidden[(k * _rank)..], Width), new Matrix(_context.Input(_op.UpInput(k)).Span, _rank).Transposed, output, _classes);
            }
        }

        // A share is a range of each tap's values: dA_k (R x N_k) += dh_k^T x_k; dx_k (n x N_k) += dh_k A_k.
        private void BackwardShare(int share)
        {
            for (int k = 0; k < _op.Taps; k++)
            {
                int count = TapWidth(k);
                (int start, int end) = _context.Workers.Share(count, share, KernelSet.Lanes);
                if (start == end)
                    continue;
                Matrix h = new(_hiddenGradient.Span[(k * _rank)..], Width);
                if (_context.InputGradients[_op.DownInput(k)] is { } down)
                {
                    _context.Kernels.MultiplyAdd(
                        _rank, end - start, _rows, h.Transposed, new Matrix(_context.Input(TapInput(k)).Span[start..], count), down.Tensor.Span[start..], count);
                }
                if (_context.InputGradients[TapInput(k)] is { } tap)
                {
                    _context.Kernels.MultiplyAdd(
                        _rows, end - start, _rank, h, new Matrix(_context.Input(_op.DownInput(k)).Span[start..], count), tap.Tensor.Span[start..], count);
                }
            }
        }
    }
}
