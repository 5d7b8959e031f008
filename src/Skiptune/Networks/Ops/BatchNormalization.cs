using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// Batch normalisation over the second axis (Ioffe and Szegedy, 2015). ONNX BatchNormalization. Inputs: x (n x C or
/// n x C x H x W), scale, bias, running mean, running variance (C values each).
/// </summary>
/// <param name="Epsilon">Added to the variance; default 1e-5.</param>
public sealed record BatchNormalization(float Epsilon = 1e-5f) : Op
{
    /// <summary>Share of the old running statistics kept in a training step; default 0.9.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>
    /// True to normalise with the batch's own statistics and to update the running ones; default false: with the
    /// running ones, frozen.
    /// </summary>
    public bool Training { get; init; }

    /// <inheritdoc/>
    public override string Type => "BatchNormalization";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1, 2];

    /// <inheritdoc/>
    public override int BiasInput => 2;

    /// <inheritdoc/>
    public override ImmutableArray<int> StateInputs => Training ? [3, 4] : [];

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length != 5 || inputs[0].Rank < 2)
            throw new SkiptuneException("BatchNormalization takes a batch of channels and four vectors");
        foreach (Shape vector in inputs.Skip(1))
        {
            if (vector != new Shape(inputs[0][1]))
                throw new SkiptuneException($"BatchNormalization over {inputs[0][1]} channels cannot use {vector} values");
        }
        return [inputs[0]];
    }

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        private readonly BatchNormalization _op;
        private readonly BindContext _context;
        private readonly int _samples;
        private readonly int _channels;
        private readonly int _pixels;
        private readonly float[] _mean;
        private readonly float[] _inverseDeviation;
        private readonly float[] _factor;
        private readonly float[] _offset;

        public Bound(BatchNormalization op, BindContext context)
        {
            _op = op;
            _context = context;
            Shape x = context.Input(0).Shape;
            (_samples, _channels, _pixels) = (x[0], x[1], x.Product(2, x.Rank));
            _mean = new float[_channels];
            _inverseDeviation = new float[_channels];
            _factor = new float[_channels];
            _offset = new float[_channels];
        }

        public override void Forward()
        {
            if (_op.Training)
                MeasureBatch();
            else
                UseRunning();
            for (int channel = 0; channel < _channels; channel++)
            {
                _factor[channel] = _context.Input(1).Span[channel] * _inverseDeviation[channel];
                _offset[channel] = MathF.FusedMultiplyAdd(-_mean[channel], _factor[channel], _context.Input(2).Span[channel]);
            }
            ReadOnlySpan<float> x = _context.Input(0).Span;
            Span<float> y = _context.Outputs[0].Span;
            if (_pixels == 1)
            {
                for (int sample = 0; sample < _samples; sample++)
                    _context.Kernels.MultiplyAdd(x.Slice(sample * _channels, _channels), _factor, _offset, y.Slice(sample * _channels, _channels));
                return;
            }
            for (int plane = 0; plane < _samples * _channels; plane++)
            {
                int channel = plane % _channels;
                _context.Kernels.MultiplyAdd(x.Slice(plane * _pixels, _pixels), _factor[channel], _offset[channel], y.Slice(plane * _pixels, _pixels));
            }
        }

        // With d = dY and h = (x - mean) / deviation: dScale = sum d h, dBias = sum d, and
        // dX = factor * d with frozen statistics, factor * (d - mean(d) - h mean(d h)) with the batch's own.
        public override void Backward()
        {
            ReadOnlySpan<float> x = _context.Input(0).Span;
            ReadOnlySpan<float> d = _context.OutputGradients[0]!.Span;
            for (int channel = 0; channel < _channels; channel++)
            {
                double sum = 0;
                double sumNormalised = 0;
                foreach (int at in Elements(channel))
                {
                    sum += d[at];
                    sumNormalised += (double)d[at] * (x[at] - _mean[channel]) * _inverseDeviation[channel];
                }
                Put(_context.InputGradients[1], channel, (float)sumNormalised);
                Put(_context.InputGradients[2], channel, (float)sum);
                if (_context.InputGradients[0] is not { } slot)
                    continue;
                int count = _samples * _pixels;
                float mean = _op.Training ? (float)(sum / count) : 0;
                float meanNormalised = _op.Training ? (float)(sumNormalised / count) : 0;
                foreach (int at in Elements(channel))
                {
                    float normalised = (x[at] - _mean[channel]) * _inverseDeviation[channel];
                    Put(slot, at, _factor[channel] * (d[at] - mean - normalised * meanNormalised));
                }
            }
        }

        private void UseRunning()
        {
            _context.Input(3).Span.CopyTo(_mean);
            for (int channel = 0; channel < _channels; channel++)
                _inverseDeviation[channel] = 1 / MathF.Sqrt(_context.Input(4).Span[channel] + _op.Epsilon);
        }

        private void MeasureBatch()
        {
            ReadOnlySpan<float> x = _context.Input(0).Span;
            int count = _samples * _pixels;
            for (int channel = 0; channel < _channels; channel++)
            {
                double sum = 0;
                foreach (int at in Elements(channel))
                    sum += x[at];
                double mean = sum / count;
                double squares = 0;
                foreach (int at in Elements(channel))
                    squares += (x[at] - mean) * (x[at] - mean);
                _mean[channel] = (float)mean;
                _inverseDeviation[channel] = (float)(1 / Math.Sqrt(squares / count + _op.Epsilon));
                // The running variance is the unbiased estimate, as in PyTorch.
                Update(_context.Input(3).Span, channel, mean);
                Update(_context.Input(4).Span, channel, squares / Math.Max(1, count - 1));
            }
        }

        private void Update(Span<float> running, int channel, double value) =>
            running[channel] = (float)(_op.Momentum * running[channel] + (1 - _op.Momentum) * value);

        private static void Put(GradientSlot? slot, int at, float value)
        {
            if (slot is not null)
                slot.Tensor.Span[at] = slot.Accumulate ? slot.Tensor.Span[at] + value : value;
        }

        private ChannelElements Elements(int channel) => new(channel, _samples, _channels, _pixels);
    }

    /// <summary>The positions of one channel's values in n x C x pixels.</summary>
    private ref struct ChannelElements(int channel, int samples, int channels, int pixels)
    {
        private int _sample;
        private int _pixel = -1;

        public readonly int Current => (_sample * channels + channel) * pixels + _pixel;

        public readonly ChannelElements GetEnumerator() => this;

        public bool MoveNext()
        {
            if (++_pixel == pixels)
            {
                _pixel = 0;
                _sample++;
            }
            return _sample < samples;
        }
    }
}
