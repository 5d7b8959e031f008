using System.Collections.Immutable;
using System.Runtime.Intrinsics;
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

    // A sample of a sequence is several rows.
    internal override bool ReadsRows(int input, ImmutableArray<Shape> inputs) => input >= TapInput(0) && input < DownInput(0) && inputs[0].Rank == 2;

    internal override bool UpdatesInPlace(int input) => input >= DownInput(0) && input < UpInput(0);

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed unsafe class Bound : BoundOp
    {
        private const int Four = 4;

        /// <summary>The most that the largest share of whole taps may be of an even one.</summary>
        private const double MostUneven = 1.2;

        private readonly LowRankAdapter _op;
        private readonly BindContext _context;
        private readonly int _rows;
        private readonly int _classes;
        private readonly int _rank;
        private readonly RowBatch[] _taps;
        private readonly Tensor _up; // all B_k side by side: C x (taps * rank)
        private readonly Tensor _upTransposed;
        private readonly Tensor _upGradient;
        private readonly Tensor _hidden; // Factor * A_k x_k: rows x (taps * rank)
        private readonly Tensor _hiddenGradient;
        private readonly long _cost;
        private readonly int[]? _owners;
        private readonly Tensor[] _parts; // A_k x_k of each tap, where taps have owners: rows x rank
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(LowRankAdapter op, BindContext context)
        {
            _op = op;
            _context = context;
            _classes = context.Input(0).Shape[-1];
            _rows = context.Input(0).Shape.Count / _classes;
            _rank = context.Input(op.DownInput(0)).Shape[0];
            _taps = [.. Enumerable.Range(0, op.Taps).Select(Tap)];
            _up = new Tensor(new Shape(_classes, Width));
            _upTransposed = new Tensor(new Shape(Width, _classes));
            _upGradient = new Tensor(_up.Shape);
            _hidden = new Tensor(new Shape(_rows, Width));
            _hiddenGradient = new Tensor(_hidden.Shape);
            _cost = _taps.Sum(tap => (long)_rows * _rank * (tap.Count + _classes));
            _owners = OwnersOf(_taps, context.Workers.Count);
            _parts = _owners is null ? [] : [.. _taps.Select(_ => new Tensor(new Shape(_rows, _rank)))];
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        private int Width => _op.Taps * _rank;

        public override void Forward()
        {
            for (int k = 0; k < _op.Taps; k++)
                CopyUp((float*)_context.Input(_op.UpInput(k)).Address, k * _rank);
            _context.Workers.Run(_forward, _cost);
            if (_owners is null)
                return;
            for (int k = 0; k < _parts.Length; k++)
                Rows.Copy(_rows, _rank, _parts[k].Span, _rank, _hidden.Span[(k * _rank)..], Width);
            AddUpward(0, _rows);
        }

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
            BackwardUp(g);
            // dh (n x all R) = Factor * g B
            _context.Kernels.MultiplySmall(_rows, Width, _classes, g, _up.Span, Width, default, _hiddenGradient.Span, Width);
            if (_op.Factor != 1)
                _context.Kernels.Scale(_hiddenGradient.Span, _op.Factor, _hiddenGradient.Span);
            _context.Workers.Run(_backward, _cost);
        }

        // B_k into its columns, and into its rows of the transpose.
        private void CopyUp(float* up, int column)
        {
            (int rank, int classes, int width) = (_rank, _classes, Width);
            float* columns = (float*)_up.Address + column;
            float* rows = (float*)_upTransposed.Address + (nint)column * classes;
            for (int i = 0; i < classes; i++, up += rank, columns += width, rows++)
            {
                int r = 0;
                for (; r <= rank - Four; r += Four)
                {
                    Vector128<float> values = Vector128.Load(up + r);
                    values.Store(columns + r);
                    float* row = rows + (nint)r * classes;
                    row[0] = values[0];
                    row[classes] = values[1];
                    row[2 * (nint)classes] = values[2];
                    row[3 * (nint)classes] = values[3];
                }
                for (; r < rank; r++)
                {
                    columns[r] = up[r];
                    rows[(nint)r * classes] = up[r];
                }
            }
        }

        private RowBatch Tap(int k)
        {
            int position = TapInput(k);
            if (_context.Rows[position] is { } rows)
                return rows;
            rows = new RowBatch(RowFormat.Float32, _context.Input(_op.DownInput(k)).Shape[1], _rows);
            rows.PointAt(_context.Input(position).Address);
            return rows;
        }

        // dB_k (C x R) += g^T h_k, for all k in one product.
        private void BackwardUp(Matrix g)
        {
            _context.Kernels.MultiplySmall(_classes, Width, _rows, g.Transposed, _hidden.Span, Width, default, _upGradient.Span, Width);
            for (int k = 0; k < _op.Taps; k++)
            {
                if (_context.InputGradients[_op.UpInput(k)]?.Tensor is { } up)
                    AddUp((float*)up.Address, k * _rank);
            }
        }

        // The columns of the product that are B_k's.
        private void AddUp(float* gradient, int column)
        {
            (int rank, int classes, int width) = (_rank, _classes, Width);
            float* columns = (float*)_upGradient.Address + column;
            for (int i = 0; i < classes; i++, gradient += rank, columns += width)
            {
                int r = 0;
                for (; r <= rank - Four; r += Four)
                    (Vector128.Load(gradient + r) + Vector128.Load(columns + r)).Store(gradient + r);
                for (; r < rank; r++)
                    gradient[r] += columns[r];
            }
        }

        /// <summary>
        /// Which share each tap belongs to, forward and back, so that its A_k and its rows stay in one processor's cache from
        /// pass to pass; null where no share would have all of a tap without much more than its part of the work.
        /// </summary>
        private static int[]? OwnersOf(RowBatch[] taps, int shares)
        {
            int[] owners = new int[taps.Length];
            long[] loads = new long[shares];
            foreach (int k in Enumerable.Range(0, taps.Length).OrderByDescending(k => taps[k].Count))
            {
                owners[k] = Array.IndexOf(loads, loads.Min());
                loads[owners[k]] += taps[k].Count;
            }
            return shares > 1 && MostUneven * loads.Sum() >= loads.Max() * shares ? owners : null;
        }

        // A share is some taps, whose products lie apart from the others' until all are done, or a range of rows.
        private void ForwardShare(int share)
        {
            if (_owners is not null)
            {
                for (int k = 0; k < _parts.Length; k++)
                {
                    if (_owners[k] == share)
                        Project(k, 0, _rows, _parts[k].Span, _rank);
                }
                return;
            }
            (int start, int end) = _context.Workers.Share(_rows, share);
            if (start == end)
                return;
            for (int k = 0; k < _op.Taps; k++)
                Project(k, start, end, _hidden.Span[(start * Width + k * _rank)..(end * Width)], Width);
            AddUpward(start, end);
        }

        private void Project(int k, int start, int end, Span<float> hidden, int stride) =>
            _context.Kernels.ProjectRows(_taps[k], start, end, _context.Input(_op.DownInput(k)).Span, _rank, hidden, stride);

        // y = base + h B^T, for some rows.
        private void AddUpward(int start, int end)
        {
            Span<float> hidden = _hidden.Span[(start * Width)..(end * Width)];
            if (_op.Factor != 1)
                _context.Kernels.Scale(hidden, _op.Factor, hidden);
            Range outputs = (start * _classes)..(end * _classes);
            _context.Kernels.MultiplySmall(
                end - start, _classes, Width, new Matrix(hidden, Width), _upTransposed.Span, _classes, _context.Input(0).Span[outputs], _context.Outputs[0].Span[outputs], _classes);
        }

        // A share is some taps, or a range of each tap's values: dx_k (n x N_k) += dh_k A_k; dA_k (R x N_k) += dh_k^T x_k, or A_k's step
        // with that gradient, which comes last because dx_k is made with the A_k of the forward pass.
        private void BackwardShare(int share)
        {
            for (int k = 0; k < _op.Taps; k++)
            {
                int count = _taps[k].Count;
                if (_owners is not null && _owners[k] != share)
                    continue;
                (int start, int end) = _owners is null ? _context.Workers.Share(count, share, BlockFormat.MaxValues) : (0, count);
                if (start == end)
                    continue;
                ReadOnlySpan<float> slopes = _hiddenGradient.Span[(k * _rank)..];
                if (_context.InputGradients[TapInput(k)] is { } tap)
                {
                    _context.Kernels.MultiplyAdd(
                        _rows, end - start, _rank, new Matrix(slopes, Width), new Matrix(_context.Input(_op.DownInput(k)).Span[start..], count), tap.Tensor.Span[start..], count);
                }
                if (_context.InputGradients[_op.DownInput(k)] is { } down)
                    _context.Kernels.AddRowProducts(_taps[k], start, end, slopes, Width, _rank, down.Tensor.Span);
                else if (_context.Updates[_op.DownInput(k)] is { } update)
                    _context.Kernels.UpdateFromRows(_taps[k], start, end, slopes, Width, _rank, update.Step, update.Value.Span, update.First, update.Second);
            }
        }
    }
}
