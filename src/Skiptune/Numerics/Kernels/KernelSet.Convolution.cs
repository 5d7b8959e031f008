namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// Some channels of one sample's convolution: output (channels x height x width) = weight * input + bias. Each output
    /// is one chain of fused multiply-adds that starts from the bias and runs over input channel, kernel row, kernel column.
    /// </summary>
    /// <param name="geometry">The extents.</param>
    /// <param name="input">The sample, inputChannels x inputHeight x inputWidth.</param>
    /// <param name="weight">outputChannels x (inputChannels / groups) x kernelHeight x kernelWidth.</param>
    /// <param name="bias">outputChannels values, or empty for zero.</param>
    /// <param name="channels">The output channels to compute.</param>
    /// <param name="epilogue">What becomes of the results.</param>
    /// <param name="output">outputChannels x outputHeight x outputWidth, or smaller planes after a pooling; only those channels are written.</param>
    internal abstract void Convolve(
        ConvolutionGeometry geometry,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        Range channels,
        Epilogue epilogue,
        Span<float> output);

    /// <summary>
    /// weightGradient += the gradient of the weights of the output channels <paramref name="fromChannel"/> ..
    /// <paramref name="toChannel"/> - 1 over a batch: for each weight a <see cref="Lanes"/>-way reduction over samples
    /// and outputs, an output in the lane of its <see cref="PlaneLayout.PlaceOf"/> mod 16, added after every
    /// <see cref="ConvolutionGeometry.SamplesPerPass"/> samples.
    /// </summary>
    internal abstract void ConvolveBackwardWeight(
        ConvolutionGeometry geometry,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        int fromChannel,
        int toChannel,
        Span<float> weightGradient);

    /// <summary>inputGradient += the gradient of one sample's input: the transposed convolution of the output's gradient.</summary>
    /// <param name="geometry">The extents of the forward convolution.</param>
    /// <param name="outputGradient">outputChannels x outputHeight x outputWidth.</param>
    /// <param name="flipped">The flipped weights (<see cref="ConvolutionGeometry.FlipWeights"/>).</param>
    /// <param name="inputGradient">inputChannels x inputHeight x inputWidth.</param>
    internal void ConvolveBackwardInput(ConvolutionGeometry geometry, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> flipped, Span<float> inputGradient)
    {
        Span<float> result = Scratch.Get(Scratch.Purpose.Result, geometry.InputCount);
        Convolve(geometry.Transposed, outputGradient, flipped, default, .., Epilogue.None, result);
        Add(inputGradient, result, inputGradient);
    }
}
