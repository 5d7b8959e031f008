namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// Some channels of a convolution: output (samples x channels x height x width) = weight * input + bias. Each output
    /// is one chain of fused multiply-adds that starts from the bias and runs over input channel, kernel row, kernel column.
    /// </summary>
    /// <param name="geometry">The extents.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="input">The samples, each inputChannels x inputHeight x inputWidth.</param>
    /// <param name="weight">outputChannels x (inputChannels / groups) x kernelHeight x kernelWidth.</param>
    /// <param name="bias">outputChannels values, or empty for zero.</param>
    /// <param name="channels">The output channels to compute.</param>
    /// <param name="epilogue">What becomes of the results.</param>
    /// <param name="output">For each sample outputChannels x outputHeight x outputWidth, or smaller planes after a pooling; only those channels are written.</param>
    internal abstract void Convolve(
        ConvolutionGeometry geometry,
        int samples,
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

    /// <summary>inputGradient += the gradient of the samples' inputs: the transposed convolution of the output's gradient.</summary>
    /// <param name="geometry">The extents of the forward convolution.</param>
    /// <param name="samples">How many samples.</param>
    /// <param name="outputGradient">For each sample outputChannels x outputHeight x outputWidth.</param>
    /// <param name="flipped">The flipped weights (<see cref="ConvolutionGeometry.FlipWeights"/>).</param>
    /// <param name="inputGradient">For each sample inputChannels x inputHeight x inputWidth.</param>
    internal void ConvolveBackwardInput(
        ConvolutionGeometry geometry, int samples, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> flipped, Span<float> inputGradient)
    {
        (int inputs, int outputs) = (geometry.InputCount, geometry.OutputCount);
        Span<float> result = Scratch.Get(Scratch.Purpose.Result, Math.Min(samples, Lanes) * inputs);
        for (int first = 0; first < samples; first += Lanes)
        {
            int count = Math.Min(Lanes, samples - first);
            Span<float> target = inputGradient.Slice(first * inputs, count * inputs);
            Convolve(geometry.Transposed, count, outputGradient.Slice(first * outputs, count * outputs), flipped, default, .., Epilogue.None, result[..target.Length]);
            Add(target, result[..target.Length], target);
        }
    }
}
