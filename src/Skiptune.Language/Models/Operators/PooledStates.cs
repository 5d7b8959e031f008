using System.Collections.Immutable;
using Skiptune.Language.Classification;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.Language.Models.Operators;

/// <summary>
/// One vector for each sequence from those of its tokens. Inputs: states (n x T x D), ids (n x T) whose negative ones fill a
/// sequence up and do not count. Output: n x D; zeros for a sequence without tokens.
/// </summary>
/// <param name="Pooling">How.</param>
internal sealed record PooledStates(Pooling Pooling) : Op
{
    /// <inheritdoc/>
    public override string Type => "PooledStates";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs;

    /// <inheritdoc/>
    public override bool PassesGradient(int input) => input == 0;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) =>
        inputs.Length == 2 && inputs[0].Rank == 3 && inputs[1] == new Shape(inputs[0][0], inputs[0][1])
            ? [new Shape(inputs[0][0], inputs[0][2])]
            : throw new SkiptuneException($"PooledStates cannot take {string.Join(" and ", inputs)}");

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => new Bound(Pooling, context);

    private sealed class Bound : BoundOp
    {
        private readonly Pooling _pooling;
        private readonly BindContext _context;
        private readonly int _samples;
        private readonly int _places;
        private readonly int _width;

        public Bound(Pooling pooling, BindContext context)
        {
            Shape states = context.Input(0).Shape;
            (_pooling, _context, _samples, _places, _width) = (pooling, context, states[0], states[1], states[2]);
        }

        public override void Forward()
        {
            for (int sample = 0; sample < _samples; sample++)
            {
                Span<float> pooled = _context.Outputs[0].Span.Slice(sample * _width, _width);
                pooled.Clear();
                float weight = WeightOf(sample, out int first);
                for (int place = first; place < _places; place++)
                {
                    if (Counts(sample, place))
                        _context.Kernels.AddScaled(Row(_context.Input(0), sample, place), weight, pooled);
                }
            }
        }

        public override void Backward()
        {
            if (_context.InputGradients[0] is not { } slot)
                return;
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            for (int sample = 0; sample < _samples; sample++)
            {
                ReadOnlySpan<float> gradient = _context.OutputGradients[0]!.Span.Slice(sample * _width, _width);
                float weight = WeightOf(sample, out int first);
                for (int place = first; place < _places; place++)
                {
                    if (Counts(sample, place))
                        _context.Kernels.AddScaled(gradient, weight, Row(slot.Tensor, sample, place));
                }
            }
        }

        private bool Counts(int sample, int place) => _context.Input(1).Span[sample * _places + place] >= 0;

        private Span<float> Row(Tensor tensor, int sample, int place) => tensor.Span.Slice((sample * _places + place) * _width, _width);

        // The weight of each token from the first on.
        private float WeightOf(int sample, out int first)
        {
            (int count, int last) = (0, 0);
            for (int place = 0; place < _places; place++)
            {
                if (Counts(sample, place))
                    (count, last) = (count + 1, place);
            }
            first = _pooling == Pooling.Last ? last : 0;
            return _pooling == Pooling.Last ? 1 : 1f / Math.Max(1, count);
        }
    }
}
