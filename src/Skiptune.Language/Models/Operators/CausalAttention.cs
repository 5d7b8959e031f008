using System.Collections.Immutable;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>
/// Attention of each token to itself and those before it, with rotary positions and grouped queries: for each head
/// softmax(q k^T / sqrt(size)) v. Inputs: queries (n x T x heads size), keys and values (n x T x key-value heads size).
/// </summary>
/// <param name="Config">The extents.</param>
/// <param name="Rotary">The positions' rotations.</param>
/// <param name="Block">The block's number, by which the memory is asked.</param>
/// <param name="Memory">Tokens before these, which the new ones are added to; null for whole sequences. Only with n = 1 and without a backward pass.</param>
internal sealed record CausalAttention(DecoderConfig Config, RotaryEmbedding Rotary, int Block, KeyValueMemory? Memory) : Op
{
    /// <inheritdoc/>
    public override string Type => "CausalAttention";

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 3 || inputs[0].Rank != 3 || inputs[0][-1] != Config.QueryWidth || inputs[1] != inputs[2] || inputs[1][-1] != Config.KeyValueWidth)
            throw new SkiptuneException($"CausalAttention cannot take {string.Join(" and ", inputs)}");
        return [inputs[0]];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)inputs[0].Count * inputs[0][1];

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        // Queries at once: what none of them may see is not computed.
        private const int Rows = 16;

        private readonly BindContext _context;
        private readonly RotaryEmbedding _rotary;
        private readonly KeyValueMemory? _memory;
        private readonly int _block;
        private readonly int _samples;
        private readonly int _tokens;
        private readonly int _size;
        private readonly int _group; // query heads of a key-value head
        private readonly int _keyHeads;
        private readonly int _queryWidth;
        private readonly int _keyWidth;
        private readonly float _scale;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(CausalAttention op, BindContext context)
        {
            (_context, _rotary, _memory, _block) = (context, op.Rotary, op.Memory, op.Block);
            Shape queries = context.Input(0).Shape;
            (_samples, _tokens) = (queries[0], queries[1]);
            (_size, _keyHeads) = (op.Config.HeadSize, op.Config.KeyValueHeads);
            _group = op.Config.Heads / _keyHeads;
            (_queryWidth, _keyWidth) = (op.Config.QueryWidth, op.Config.KeyValueWidth);
            _scale = 1 / MathF.Sqrt(_size);
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        private int Units => _samples * _keyHeads;

        private int Past => _memory?.Count ?? 0;

        private long Cost => (long)_samples * _tokens * (Past + _tokens) * _group * _keyHeads * (_size + 8);

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            foreach (GradientSlot? slot in _context.InputGradients)
            {
                if (slot is { Accumulate: false })
                    slot.Tensor.Span.Clear();
            }
            _context.Workers.Run(_backward, 3 * Cost);
        }

        // A share is a range of key-value heads of all samples.
        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(Units, share);
            int all = Past + _tokens;
            Span<float> scratch = Scratch.Get(Scratch.Purpose.Gradient, _size * all + Rows * _size + Rows * all);
            Span<float> queries = scratch.Slice(_size * all, Rows * _size);
            Span<float> weights = scratch[(_size * all + Rows * _size)..];
            for (int unit = start; unit < end; unit++)
            {
                (int sample, int head) = (unit / _keyHeads, unit % _keyHeads);
                Span<float> keys = _memory is null ? scratch[..(_size * all)] : _memory.Keys(_block).Span[(head * _size * _memory.Capacity)..];
                int keyStride = _memory?.Capacity ?? all;
                TurnKeys(sample, head, keys[Past..], keyStride);
                ReadOnlySpan<float> values = ValuesOf(sample, head);
                for (int member = 0; member < _group; member++)
                {
                    int column = (head * _group + member) * _size;
                    for (int row = 0; row < _tokens; row += Rows)
                    {
                        int count = Math.Min(Rows, _tokens - row);
                        int seen = Past + row + count;
                        Weigh(sample, column, row, count, seen, keys, keyStride, queries, weights);
                        Span<float> output = At(_context.Outputs[0], sample, row, column, _queryWidth);
                        ClearColumns(output, count, _queryWidth);
                        _context.Kernels.MultiplyAdd(count, _size, seen, new Matrix(weights, seen), new Matrix(values, _keyWidth), output, _queryWidth);
                    }
                }
            }
        }

        // With P the weights: dV += P^T dO, dS = P (dO V^T - sum over a row of that and P), dQ = dS K, dK += dS^T Q.
        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(Units, share);
            int square = Rows * _tokens;
            int plane = _size * _tokens;
            Span<float> scratch = Scratch.Get(Scratch.Purpose.Gradient, 4 * plane + 2 * Rows * _size + 2 * square);
            Span<float> keys = scratch[..plane];
            Span<float> keyRows = scratch.Slice(plane, plane);
            Span<float> valueColumns = scratch.Slice(2 * plane, plane);
            Span<float> keySlopes = scratch.Slice(3 * plane, plane);
            Span<float> queries = scratch.Slice(4 * plane, Rows * _size);
            Span<float> querySlopes = scratch.Slice(4 * plane + Rows * _size, Rows * _size);
            Span<float> weights = scratch.Slice(4 * plane + 2 * Rows * _size, square);
            Span<float> slopes = scratch[(4 * plane + 2 * Rows * _size + square)..];
            KernelSet kernels = _context.Kernels;
            for (int unit = start; unit < end; unit++)
            {
                (int sample, int head) = (unit / _keyHeads, unit % _keyHeads);
                TurnKeys(sample, head, keys, _tokens);
                Transpose(keys, _tokens, keyRows, _size, _size, _tokens);
                ReadOnlySpan<float> values = ValuesOf(sample, head);
                Transpose(values, _keyWidth, valueColumns, _tokens, _tokens, _size);
                keySlopes.Clear();
                for (int member = 0; member < _group; member++)
                {
                    int column = (head * _group + member) * _size;
                    for (int row = 0; row < _tokens; row += Rows)
                    {
                        int count = Math.Min(Rows, _tokens - row);
                        int seen = row + count;
                        Weigh(sample, column, row, count, seen, keys, _tokens, queries, weights);
                        ReadOnlySpan<float> outputSlopes = At(_context.OutputGradients[0]!, sample, row, column, _queryWidth);
                        if (_context.InputGradients[2] is { } value)
                        {
                            kernels.MultiplyAdd(
                                seen, _size, count, new Matrix(weights, 1, seen), new Matrix(outputSlopes, _queryWidth), At(value.Tensor, sample, 0, head * _size, _keyWidth), _keyWidth);
                        }
                        slopes[..(count * seen)].Clear();
                        kernels.MultiplyAdd(count, seen, _size, new Matrix(outputSlopes, _queryWidth), new Matrix(valueColumns, _tokens), slopes, seen);
                        ThroughSoftmax(count, seen, weights, slopes);
                        querySlopes.Clear();
                        kernels.MultiplyAdd(count, _size, seen, new Matrix(slopes, seen), new Matrix(keyRows, _size), querySlopes, _size);
                        TurnBack(_context.InputGradients[0], sample, row, count, column, _queryWidth, _scale, querySlopes);
                        kernels.MultiplyAdd(seen, _size, count, new Matrix(slopes, 1, seen), new Matrix(queries, _size), keySlopes, _size);
                    }
                }
                TurnBack(_context.InputGradients[1], sample, 0, _tokens, head * _size, _keyWidth, 1, keySlopes);
            }
        }

        private static Span<float> At(Tensor tensor, int sample, int token, int column, int width) =>
            tensor.Span[((sample * tensor.Shape[1] + token) * width + column)..];

        // Keys turned to their positions, one column a token; with a memory the values are remembered too.
        private void TurnKeys(int sample, int head, Span<float> keys, int stride)
        {
            Span<float> turned = stackalloc float[_size];
            for (int token = 0; token < _tokens; token++)
            {
                _rotary.Turn(At(_context.Input(1), sample, token, head * _size, _keyWidth), Past + token, back: false, 1, turned);
                for (int i = 0; i < _size; i++)
                    keys[i * stride + token] = turned[i];
                if (_memory is not null)
                    At(_context.Input(2), sample, token, head * _size, _keyWidth)[.._size].CopyTo(_memory.Values(_block).Span[((Past + token) * _keyWidth + head * _size)..]);
            }
        }

        private ReadOnlySpan<float> ValuesOf(int sample, int head) =>
            _memory is null ? At(_context.Input(2), sample, 0, head * _size, _keyWidth) : _memory.Values(_block).Span[(head * _size)..];

        // The attention weights (count x seen) of some queries, which are left turned and scaled in their place.
        private void Weigh(int sample, int column, int row, int count, int seen, ReadOnlySpan<float> keys, int keyStride, Span<float> queries, Span<float> weights)
        {
            for (int i = 0; i < count; i++)
                _rotary.Turn(At(_context.Input(0), sample, row + i, column, _queryWidth), Past + row + i, back: false, _scale, queries[(i * _size)..]);
            weights[..(count * seen)].Clear();
            _context.Kernels.MultiplyAdd(count, seen, _size, new Matrix(queries, _size), new Matrix(keys, keyStride), weights, seen);
            for (int i = 0; i < count; i++)
            {
                Span<float> line = weights.Slice(i * seen, seen);
                int visible = Past + row + i + 1;
                _context.Kernels.Softmax(line[..visible], line[..visible]);
                line[visible..].Clear();
            }
        }

        // slopes = weights (slopes - sum of slopes weights); hidden places have the weight 0.
        private void ThroughSoftmax(int count, int seen, ReadOnlySpan<float> weights, Span<float> slopes)
        {
            Span<float> dot = stackalloc float[1];
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> weight = weights.Slice(i * seen, seen);
                Span<float> slope = slopes.Slice(i * seen, seen);
                _context.Kernels.DotRows(1, 1, seen, slope, seen, weight, seen, dot, 1);
                _context.Kernels.MultiplyAdd(slope, 1, -dot[0], slope);
                _context.Kernels.Apply(new BinaryValue<MulFunction>(default), slope, accumulate: false, slope, weight);
            }
        }

        private void TurnBack(GradientSlot? slot, int sample, int token, int count, int column, int width, float factor, ReadOnlySpan<float> slopes)
        {
            if (slot is null)
                return;
            Span<float> turned = stackalloc float[_size];
            for (int i = 0; i < count; i++)
            {
                _rotary.Turn(slopes.Slice(i * _size, _size), token + i, back: true, factor, turned);
                Span<float> target = At(slot.Tensor, sample, token + i, column, width)[.._size];
                _context.Kernels.Add(target, turned, target);
            }
        }

        private void ClearColumns(Span<float> output, int rows, int width)
        {
            for (int row = 0; row < rows; row++)
                output.Slice(row * width, _size).Clear();
        }

        private static void Transpose(ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, int rows, int columns)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                    to[column * toStride + row] = from[row * fromStride + column];
            }
        }
    }
}
