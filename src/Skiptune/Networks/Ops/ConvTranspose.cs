using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// A transposed convolution over n x C x H x W, or over n x C x L as planes of height 1: what the backward pass of a
/// <see cref="Conv"/> does to its output's gradient. ONNX ConvTranspose. Inputs: x, W (C x out/groups x kernel rows x
/// kernel columns, without the rows for lines), optional bias (out values).
/// </summary>
/// <param name="Window">Kernel size, strides, dilations, and the padding that is cut off the output.</param>
/// <param name="Groups">Groups of channels; default 1.</param>
/// <param name="ExtraY">Rows added to the output below, 0 .. stride - 1; default 0.</param>
/// <param name="ExtraX">Columns added to the output on the right, 0 .. stride - 1; default 0.</param>
public sealed record ConvTranspose(Window Window, int Groups = 1, int ExtraY = 0, int ExtraX = 0) : Op
{
    /// <inheritdoc/>
    public override string Type => "ConvTranspose";

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
            throw new SkiptuneException($"ConvTranspose takes a batch of CxHxW or CxL and a weight of as many axes, not {string.Join(" and ", inputs)}");
        Window.Check();
        (Shape x, Shape w) = (Windows.AsPlanes(inputs[0]), Windows.AsPlanes(inputs[1]));
        if (Groups < 1 || x[1] % Groups != 0 || w[0] != x[1] || w[2] != Window.Height || w[3] != Window.Width)
            throw new SkiptuneException($"ConvTranspose's weight of {inputs[1]} with {Groups} groups does not fit an input of {inputs[0]} and a kernel of {Window.Height}x{Window.Width}");
        if (ExtraY < 0 || ExtraY >= Window.StrideY || ExtraX < 0 || ExtraX >= Window.StrideX)
            throw new SkiptuneException($"ConvTranspose cannot add {ExtraY} rows and {ExtraX} columns to its output with strides of {Window.StrideY}x{Window.StrideX}");
        int channels = (int)Math.Min(Shape.MaxElements, (long)w[1] * Groups);
        if (inputs.Length == 3 && inputs[2].Rank != 0 && inputs[2] != new Shape(channels))
            throw new SkiptuneException($"ConvTranspose's bias of {inputs[2]} does not fit {channels} output channels");
        long height = Extent(x[2], Window.StrideY, Window.DilationY, Window.Height, Window.PadTop, Window.PadBottom, ExtraY);
        long width = Extent(x[3], Window.StrideX, Window.DilationX, Window.Width, Window.PadLeft, Window.PadRight, ExtraX);
        if (height < 1 || width < 1 || Math.Max(height, width) > Shape.MaxElements || (inputs[0].Rank == 3 && height != 1))
            throw new SkiptuneException($"ConvTranspose's window of {Window.Height}x{Window.Width} does not fit an input of {inputs[0]}");
        Shape y = new(x[0], channels, (int)height, (int)width);
        ConvolutionGeometry geometry = Geometry(x, y);
        geometry.CheckPlanes("ConvTranspose");
        geometry.CheckTransposedPlanes("ConvTranspose");
        return [inputs[0].Rank == 3 ? new Shape(x[0], channels, (int)width) : y];
    }

    /// <inheritdoc/>
    public override long MultiplyAccumulates(ImmutableArray<Shape> inputs) => (long)inputs[0].Count * inputs[1].RowCount;

    // Of the convolution that would make this one's input from its output.
    private ConvolutionGeometry Geometry(Shape x, Shape y) => new(y[1], y[2], y[3], x[1], Groups, Window);

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private static long Extent(int extent, int stride, int dilation, int size, int before, int after, int extra) =>
        (extent - 1L) * stride + (size - 1L) * dilation + 1 + extra - before - after;

    private sealed class Bound : BoundOp
    {
        private readonly BindContext _context;

        private readonly ConvolutionGeometry _geometry;
        private readonly Tensor? _bias;
        private readonly int _samples;
        private readonly float[] _flipped;
        private readonly Action<int> _forward;
        private readonly Action<int> _backwardInput;
        private readonly Action<int> _backwardWeight;

        public Bound(ConvTranspose op, BindContext context)
        {
            _context = context;
            (Shape x, Shape y) = (context.Input(0).Shape, Windows.AsPlanes(context.Outputs[0].Shape));
            _geometry = op.Geometry(x, y);
            _bias = context.Inputs.Length == 3 ? context.Inputs[2] : null;
            _samples = x[0];
            _flipped = new float[context.Input(1).Shape.Count];
            _forward = ForwardShare;
            _backwardInput = BackwardInputShare;
            _backwardWeight = BackwardWeightShare;
        }

        private long Cost => (long)_samples * _geometry.OutputCount * _geometry.Depth;

        public override void Forward()
        {
            _geometry.FlipWeights(_context.Input(1).Span, _flipped);
            _context.Workers.Run(_forward, Cost);
        }

        public override void Backward()
        {
            if (_context.InputGradients[0] is not null)
                _context.Workers.Run(_backwardInput, Cost);
            if (_context.InputGradients[1] is { } weight)
            {
                if (!weight.Accumulate)
                    weight.Tensor.Span.Clear();
                _context.Workers.Run(_backwardWeight, Cost);
            }
            if (_bias is not null && _context.InputGradients[2] is { } bias)
                BackwardBias(bias);
        }

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_samples, share);
            _context.Kernels.Convolve(
                _geometry.Transposed,
                end - start,
                Samples(_context.Input(0), start, end),
                _flipped,
                _bias is null ? default : _bias.Span,
                ..,
                Epilogue.None,
                Samples(_context.Outputs[0], start, end));
        }

        private void BackwardInputShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_samples, share);
            GradientSlot slot = _context.InputGradients[0]!;
            Span<float> target = Samples(slot.Tensor, start, end);
            Span<float> result = slot.Accumulate ? Scratch.Get(Scratch.Purpose.Gradient, target.Length) : target;
            _context.Kernels.Convolve(
                _geometry, end - start, Samples(_context.OutputGradients[0]!, start, end), _context.Input(1).Span, default, .., Epilogue.None, result);
            if (slot.Accumulate)
                _context.Kernels.Add(target, result, target);
        }

        // A share is a range of input channels over all samples, so that the order of the sum is the samples'.
        private void BackwardWeightShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_geometry.OutputChannels, share);
            if (start == end)
                return;
            _context.Kernels.ConvolveBackwardWeight(
                _geometry, _samples, _context.OutputGradients[0]!.Span, _context.Input(0).Span, start, end, _context.InputGradients[1]!.Tensor.Span);
        }

        private void BackwardBias(GradientSlot slot)
        {
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            int pixels = _geometry.InputPixels;
            ReadOnlySpan<float> gradient = _context.OutputGradients[0]!.Span;
            for (int plane = 0; plane < _samples * _geometry.InputChannels; plane++)
                slot.Tensor.Span[plane % _geometry.InputChannels] += _context.Kernels.Sum(gradient.Slice(plane * pixels, pixels));
        }

        private static Span<float> Samples(Tensor batch, int start, int end) =>
            batch.Span.Slice(start * batch.Shape.RowCount, (end - start) * batch.Shape.RowCount);
    }
}
