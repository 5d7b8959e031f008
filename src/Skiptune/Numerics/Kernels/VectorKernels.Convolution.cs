namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    // The patches of each group, a line for each weight (depth x pixels), are the right side of a product.
    internal override void Convolve(ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output)
    {
        for (int channel = 0; channel < g.OutputChannels; channel++)
            output.Slice(channel * g.OutputPixels, g.OutputPixels).Fill(bias.IsEmpty ? 0 : bias[channel]);
        for (int group = 0; group < g.Groups; group++)
        {
            int first = group * g.GroupOutputChannels;
            ReadOnlySpan<float> columns = Patches.Columns(g, group, input);
            MultiplyAdd(
                g.GroupOutputChannels,
                g.OutputPixels,
                g.Depth,
                new Matrix(weight[(first * g.Depth)..], g.Depth),
                new Matrix(columns, g.OutputPixels),
                output[(first * g.OutputPixels)..],
                g.OutputPixels);
        }
    }

    internal override void ConvolveBackwardInput(ConvolutionGeometry g, ReadOnlySpan<float> outputGradient, ReadOnlySpan<float> weight, Span<float> inputGradient)
    {
        Span<float> columns = Scratch.Get(Scratch.Purpose.Columns, g.Depth * g.OutputPixels);
        for (int group = 0; group < g.Groups; group++)
        {
            int first = group * g.GroupOutputChannels;
            columns.Clear();
            MultiplyAdd(
                g.Depth,
                g.OutputPixels,
                g.GroupOutputChannels,
                new Matrix(weight[(first * g.Depth)..], g.Depth).Transposed,
                new Matrix(outputGradient[(first * g.OutputPixels)..], g.OutputPixels),
                columns,
                g.OutputPixels);
            Patches.AddColumns(g, group, columns, inputGradient, this);
        }
    }

    // Here the patches stand a line for each pixel (pixels x depth), so that the weights run along the vectors.
    internal override void ConvolveBackwardWeight(
        ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient)
    {
        for (int first = fromChannel; first < toChannel;)
        {
            int group = first / g.GroupOutputChannels;
            int end = Math.Min(toChannel, (group + 1) * g.GroupOutputChannels);
            MultiplyAdd(
                end - first,
                g.Depth,
                g.OutputPixels,
                new Matrix(outputGradient[(first * g.OutputPixels)..], g.OutputPixels),
                new Matrix(Patches.Rows(g, group, input), g.Depth),
                weightGradient[(first * g.Depth)..],
                g.Depth);
            first = end;
        }
    }
}
