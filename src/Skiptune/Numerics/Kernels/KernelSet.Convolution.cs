namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// One sample's convolution: output (channels x height x width) = weight * input + bias. Each output is one
    /// chain of fused multiply-adds that starts from the bias and runs over input channel, kernel row, kernel column.
    /// </summary>
    /// <param name="geometry">The extents.</param>
    /// <param name="input">The sample, inputChannels x inputHeight x inputWidth.</param>
    /// <param name="weight">outputChannels x (inputChannels / groups) x kernelHeight x kernelWidth.</param>
    /// <param name="bias">outputChannels values, or empty for zero.</param>
    /// <param name="output">outputChannels x outputHeight x outputWidth.</param>
    internal abstract void Convolve(ConvolutionGeometry geometry, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output);

    /// <summary>
    /// inputGradient += the gradient of one sample's input: for each kernel position in order, the sum over the
    /// output channels of weight * outputGradient is added.
    /// </summary>
    internal abstract void ConvolveBackwardInput(ConvolutionGeometry geometry, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Span<float> inputGradient);

    /// <summary>
    /// weightGradient += one sample's share of the gradient of the weights of the output channels
    /// <paramref name="fromChannel"/> .. <paramref name="toChannel"/> - 1: chains over the output's pixels.
    /// </summary>
    internal abstract void ConvolveBackwardWeight(
        ConvolutionGeometry geometry, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient);
}
