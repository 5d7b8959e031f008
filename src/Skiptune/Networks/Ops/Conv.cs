using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A convolution over n x C x H x W, or over n x C x L as planes of height 1. ONNX Conv. Inputs: x, W (out x C/groups x
/// kernel rows x kernel columns, without the rows for lines), optional bias (out values).
/// </summary>
/// <param name="Window">Kernel size, strides, dilations and padding.</param>
/// <param name="Groups">Groups of channels; default 1. C for a depthwise convolution.</param>
public sealed record Conv(Window Window, int Groups = 1) : Op
{
    /// <summary>What the pass that fuses operators has taken in; graphs that hold one are only run.</summary>
    internal Epilogue Epilogue { get; init; } = Epilogue.None;

    /// <inheritdoc/>
    public override string Type => "Conv";

    /// <inheritdoc/>
    public override ImmutableArray<int> TrainableInputs => [1, 2];

    /// <inheritdoc/>
    public override int BiasInput => 2;

    /// <inheritdoc/>
    public override bool IsWeightLayer => true;

    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs)
    {
        if (inputs.Length is < 2 or > 3 || inputs[0].Rank is < 3 or > 4 || inputs[1].Rank != inputs[0].Rank)
            throw new SkiptuneException($"Conv takes a batch of CxHxW or CxL and a weight of as many axes, not {string.Join(" and ", inputs)}");
        Window.Check();
        (Shape x, Shape w) = (inputs[0], Windows.AsPlanes(inputs[1]));
        if (Groups < 1 || x[1] % Groups != 0 || w[0] % Groups != 0 || w[1] != x[1] / Groups || w[2] != Window.Height || w[3] != Window.Width)
            throw new SkiptuneException($"Conv's weight of {w} with {Groups} groups does not fit an input of {inputs[0]} and a kernel of {Window.Height}x{Window.Width}");
        if (inputs.Length == 3 && inputs[2].Rank != 0 && inputs[2] != new Shape(w[0]))
            throw new SkiptuneException($"Conv's bias of {inputs[2]} does not fit {w[0]} output channels");
        Shape y = Windows.Infer("Conv", Window, x, w[0]);
        Geometry(Windows.AsPlanes(x), w[0]).CheckPlanes("Conv");
        return [Epilogue.Pool is { } pool ? Windows.Infer("MaxPool", pool, y, w[0]) : y];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) =>
        (long)(this with { Epilogue = Epilogue.None }).InferShapes(inputs)[0].Count * inputs[1].RowCount;

    private ConvolutionGeometry Geometry(Shape planes, int channels) => new(planes[1], planes[2], planes[3], channels, Groups, Window);

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private sealed class Bound : BoundOp
    {
        // The rows of the tallest tile of a product.
        private const int ChannelGrain = 8;

        // Of one output's place in the planes, in multiply-adds.
        private const int LayoutCost = 64;

        private readonly BindContext _context;
        private readonly ConvolutionGeometry _geometry;
        private readonly Epilogue _epilogue;
        private readonly Tensor? _bias;
        private readonly int _samples;
        private readonly float[] _flipped;
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardInput;
        private readonly Action<int> _backwardWeight;

        public Bound(Conv op, BindContext context)
        {
            _context = context;
            Shape x = Windows.AsPlanes(context.Input(0).Shape);
            _geometry = op.Geometry(x, context.Input(1).Shape[0]);
            if (context.InputGradients[0] is not null)
                _geometry.CheckTransposedPlanes("Conv");
            _epilogue = op.Epilogue;
            _bias = context.Inputs.Length == 3 ? context.Inputs[2] : null;
            _samples = x[0];
            _flipped = context.InputGradients[0] is null ? [] : new float[context.Input(1).Shape.Count];
            _forward = ForwardShare;
            _backwardInput = BackwardInputShare;
            _backwardWeight = BackwardWeightShare;
        }

        // Each group's planes are laid out anew: for depthwise convolutions that is most of the work.
        private long Cost => (long)_samples * _geometry.OutputCount * (_geometry.Depth + LayoutCost / _geometry.GroupOutputChannels);

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is { } input)
            {
                if (!input.Accumulate)
                    input.Tensor.Span.Clear();
                _geometry.FlipWeights(_context.Input(1).Span, _flipped);
                _context.Workers.Run(_backwardInput, Cost);
            }
            if (_context.InputGradients[1] is { } weight)
            {
                if (!weight.Accumulate)
                    weight.Tensor.Span.Clear();
                _context.Workers.Run(_backwardWeight, Cost);
            }
            if (_bias is not null && _context.InputGradients[2] is { } bias)
                BackwardBias(bias);
        }

        // A share is a range of samples, or of output channels where there are fewer samples than threads.
        private void ForwardShare(int share)
        {
            bool bySample = _samples >= _context.Workers.Count;
            (int start, int end) = bySample ? _context.Workers.Share(_samples, share) : (0, _samples);
            (int from, int to) = bySample ? (0, _geometry.OutputChannels) : _context.Workers.Share(_geometry.OutputChannels, share, ChannelGrain);
            _context.Kernels.Convolve(
                _geometry,
                end - start,
                Samples(_context.Input(0), start, end),
                _context.Input(1).Span,
                _bias is null ? default : _bias.Span,
                from..to,
                _epilogue,
                Samples(_context.Outputs[0], start, end));
        }

        private void BackwardInputShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_samples, share);
            _context.Kernels.ConvolveBackwardInput(
                _geometry, end - start, Samples(_context.OutputGradients[0]!, start, end), _flipped, Samples(_context.InputGradients[0]!.Tensor, start, end));
        }

        // A share is a range of output channels over all samples, so that the order of the sum is the samples'.
        private void BackwardWeightShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_geometry.OutputChannels, share);
            if (start == end)
                return;
            _context.Kernels.ConvolveBackwardWeight(
                _geometry, _samples, _context.Input(0).Span, _context.OutputGradients[0]!.Span, start, end, _context.InputGradients[1]!.Tensor.Span);
        }

        private void BackwardBias(GradientSlot slot)
        {
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            int pixels = _geometry.OutputPixels;
            ReadOnlySpan<float> gradient = _context.OutputGradients[0]!.Span;
            for (int plane = 0; plane < _samples * _geometry.OutputChannels; plane++)
                slot.Tensor.Span[plane % _geometry.OutputChannels] += _context.Kernels.Sum(gradient.Slice(plane * pixels, pixels));
        }

        private static Span<float> Samples(Tensor batch, int start, int end) =>
            batch.Span.Slice(start * batch.Shape.RowCount, (end - start) * batch.Shape.RowCount);
    }
}
