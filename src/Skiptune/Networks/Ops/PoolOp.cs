using System.Collections.Immutable;
using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>A pooling over the last two axes of n x C x H x W, plane by plane, or over the last of n x C x L (a window of height 1).</summary>
/// <param name="Window">Size, strides, dilations and padding.</param>
public abstract record PoolOp(Window Window) : Op
{
    /// <inheritdoc/>
    public override ImmutableArray<Shape> InferShapes(ImmutableArray<Shape> inputs) =>
        [Windows.Infer(Type, Window, inputs[0], inputs[0].Rank is 3 or 4 ? inputs[0][1] : 0)];

    /// <inheritdoc/>
    public override bool IsNonNegative(ReadOnlySpan<bool> inputs) => inputs[0];

    internal override BoundOp Bind(BindContext context) => new Bound(this, context);

    private protected abstract void Forward(KernelSet kernels, int height, int width, ReadOnlySpan<float> input, Span<float> output);

    private protected abstract void Backward(
        KernelSet kernels, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient);

    private sealed class Bound : BoundOp
    {
        private readonly PoolOp _op;
        private readonly BindContext _context;
        private readonly int _planes;
        private readonly Shape _input;
        private readonly int _inputPixels;
        private readonly int _outputPixels;
        private readonly Action<int> _forward;
        private readonly Action<int> _backward;

        public Bound(PoolOp op, BindContext context)
        {
            _op = op;
            _context = context;
            _input = Windows.AsPlanes(context.Input(0).Shape);
            _planes = _input[0] * _input[1];
            _inputPixels = _input[2] * _input[3];
            _outputPixels = context.Outputs[0].Shape.Count / Math.Max(1, _planes);
            _forward = ForwardShare;
            _backward = BackwardShare;
        }

        // A cell of a window costs about as much as eight multiply-adds.
        private long Cost => 8L * _planes * _outputPixels * _op.Window.Count;

        public override void Forward() => _context.Workers.Run(_forward, Cost);

        public override void Backward()
        {
            if (_context.InputGradients[0] is not { } slot)
                return;
            if (!slot.Accumulate)
                slot.Tensor.Span.Clear();
            _context.Workers.Run(_backward, Cost);
        }

        private void ForwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_planes, share);
            for (int plane = start; plane < end; plane++)
                _op.Forward(_context.Kernels, _input[2], _input[3], In(_context.Input(0), plane), Out(_context.Outputs[0], plane));
        }

        private void BackwardShare(int share)
        {
            (int start, int end) = _context.Workers.Share(_planes, share);
            for (int plane = start; plane < end; plane++)
            {
                _op.Backward(
                    _context.Kernels,
                    _input[2],
                    _input[3],
                    In(_context.Input(0), plane),
                    Out(_context.Outputs[0], plane),
                    Out(_context.OutputGradients[0]!, plane),
                    In(_context.InputGradients[0]!.Tensor, plane));
            }
        }

        private Span<float> In(Tensor tensor, int plane) => tensor.Span.Slice(plane * _inputPixels, _inputPixels);

        private Span<float> Out(Tensor tensor, int plane) => tensor.Span.Slice(plane * _outputPixels, _outputPixels);
    }
}

/// <summary>The largest value of each window position. ONNX MaxPool.</summary>
/// <param name="Window">Size, strides, dilations and padding.</param>
public sealed record MaxPool(Window Window) : PoolOp(Window)
{
    /// <inheritdoc/>
    public override string Type => "MaxPool";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.Inputs | BackwardReads.Outputs;

    private protected override void Forward(KernelSet kernels, int height, int width, ReadOnlySpan<float> input, Span<float> output) =>
        kernels.MaxPool(Window, height, width, input, output);

    private protected override void Backward(
        KernelSet kernels, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        kernels.MaxPoolBackward(Window, height, width, input, output, outputGradient, inputGradient);
}

/// <summary>The mean of each window position. ONNX AveragePool.</summary>
/// <param name="Window">Size, strides, dilations and padding.</param>
/// <param name="CountPadding">Whether padding counts as zeros in the mean; default false.</param>
public sealed record AveragePool(Window Window, bool CountPadding = false) : PoolOp(Window)
{
    /// <inheritdoc/>
    public override string Type => "AveragePool";

    /// <inheritdoc/>
    public override BackwardReads BackwardReads => BackwardReads.None;

    private protected override void Forward(KernelSet kernels, int height, int width, ReadOnlySpan<float> input, Span<float> output) =>
        kernels.AveragePool(Window, CountPadding, height, width, input, output);

    private protected override void Backward(
        KernelSet kernels, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient) =>
        KernelSet.AveragePoolBackward(Window, CountPadding, height, width, outputGradient, inputGradient);
}
