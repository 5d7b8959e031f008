namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    // A product whose lines are the cells that each weight meets: the outputs run along the vectors, a few places
    // between the rows with them, and no patch is ever copied.
    internal override void Convolve(
        ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Range channels, Epilogue epilogue, Span<float> output)
    {
        (int from, int length) = channels.GetOffsetAndLength(g.OutputChannels);
        int group = from / g.GroupOutputChannels;
        int filled = -1;
        PlaneLayout layout = g.Layout;
        ReadOnlySpan<float> planes = default;
        for (int channel = from; channel < from + length; group++)
        {
            int count = Math.Min(from + length, (group + 1) * g.GroupOutputChannels) - channel;
            if (layout.IsInput)
            {
                planes = input.Slice(group * layout.Count, layout.Count);
            }
            else if (filled != group)
            {
                Span<float> own = Scratch.Get(Scratch.Purpose.Planes, layout.Count);
                layout.Fill(group, input, own);
                planes = own;
                filled = group;
            }
            ConvolveChannels(g, planes, weight[(channel * g.Depth)..], bias.IsEmpty ? bias : bias[channel..], count, epilogue, output, channel);
            channel += count;
        }
    }

    private static void ConvolveChannels(
        ConvolutionGeometry g,
        ReadOnlySpan<float> planes,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        int count,
        Epilogue epilogue,
        Span<float> output,
        int channel)
    {
        PlaneLayout layout = g.Layout;
        // Between the rows of the output may be places of no output: then it goes through a copy.
        bool direct = layout.Places == g.OutputPixels && epilogue.Pool is null;
        Span<float> result = direct ? output.Slice(channel * g.OutputPixels, count * g.OutputPixels) : Scratch.Get(Scratch.Purpose.Output, count * layout.Places);
        if (bias.IsEmpty)
        {
            Span<float> zeros = Scratch.Get(Scratch.Purpose.Row, count);
            zeros.Clear();
            bias = zeros;
        }
        Product product = new(count, g.Depth, new Matrix(weight, g.Depth), ref Start(planes), ref layout.Offsets[0])
        {
            Output = ref Start(result),
            OutputStride = layout.Places,
            Bias = ref Start(bias),
            Epilogue = epilogue,
        };
        Columns(product, layout.Places, result);
        if (direct)
            return;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> plane = result.Slice(i * layout.Places, layout.Places);
            if (epilogue.Pool is { } pool)
            {
                int pixels = pool.OutputHeight(g.OutputHeight) * pool.OutputWidth(g.OutputWidth);
                Pool<MaxOperator>(pool, g.OutputHeight, g.OutputWidth, layout.Pitch, float.NegativeInfinity, plane, output.Slice((channel + i) * pixels, pixels));
            }
            else
            {
                for (int y = 0; y < g.OutputHeight; y++)
                    Rows.Copy(plane.Slice(y * layout.Pitch, g.OutputWidth), output[((channel + i) * g.OutputPixels + y * g.OutputWidth)..]);
            }
        }
    }

    // Nothing is added to what is there, so the last vectors may overlap those before.
    private static void Columns(Product product, int columns, Span<float> result)
    {
        if (columns < S.Width)
        {
            Span<float> panel = Scratch.Get(Scratch.Purpose.Line, product.Depth * S.Width);
            Span<float> sums = Scratch.Get(Scratch.Purpose.Panel, product.Rows * S.Width);
            product.CopyLines(0, columns, panel);
            product.Lines = ref Start(panel);
            product.Places = ref Scratch.Multiples(product.Depth, S.Width)[0];
            product.Output = ref Start(sums);
            product.OutputStride = S.Width;
            product.Strip(1, 0);
            for (int row = 0; row < product.Rows; row++)
                sums.Slice(row * S.Width, columns).CopyTo(result[(row * columns)..]);
            return;
        }
        int vectors = (columns + S.Width - 1) / S.Width;
        for (int vector = 0; vector < vectors;)
        {
            int width = Math.Min(StripOf(vectors - vector), columns / S.Width);
            product.Strip(width, Math.Min(vector * S.Width, columns - width * S.Width));
            vector += width;
        }
    }

    // The outputs' places run along the vectors; four channels and four weights at a time.
    internal override void ConvolveBackwardWeight(
        ConvolutionGeometry g, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient)
    {
        PlaneLayout layout = g.Layout;
        int slopePlane = (layout.Places + Lanes - 1) / Lanes * Lanes;
        for (int first = 0; first < samples; first += g.SamplesPerPass)
        {
            int count = Math.Min(g.SamplesPerPass, samples - first);
            // The last vector of a plane may reach beyond it.
            Span<float> planes = Scratch.Get(Scratch.Purpose.Planes, count * layout.Count + Lanes);
            planes[^Lanes..].Clear();
            for (int channel = fromChannel; channel < toChannel;)
            {
                int group = channel / g.GroupOutputChannels;
                int channels = Math.Min(toChannel, (group + 1) * g.GroupOutputChannels) - channel;
                Span<float> slopes = Scratch.Get(Scratch.Purpose.Slopes, count * channels * slopePlane);
                for (int sample = 0; sample < count; sample++)
                {
                    layout.Fill(group, input.Slice((first + sample) * g.InputCount, g.InputCount), planes[(sample * layout.Count)..]);
                    for (int i = 0; i < channels; i++)
                    {
                        ReadOnlySpan<float> plane = outputGradient.Slice(((first + sample) * g.OutputChannels + channel + i) * g.OutputPixels, g.OutputPixels);
                        PadRows(g.OutputWidth, layout.Pitch, plane, slopes.Slice((sample * channels + i) * slopePlane, slopePlane));
                    }
                }
                for (int i = 0; i < channels; i += DotTile)
                {
                    AddWeightTiles(
                        g, count, Math.Min(DotTile, channels - i), planes, slopes[(i * slopePlane)..], slopePlane, channels * slopePlane, weightGradient[((channel + i) * g.Depth)..]);
                }
                channel += channels;
            }
        }
    }

    private static void PadRows(int width, int pitch, ReadOnlySpan<float> from, Span<float> to)
    {
        to.Clear();
        for (int row = 0; row < from.Length / width; row++)
            Rows.Copy(from.Slice(row * width, width), to[(row * pitch)..]);
    }

    private static void AddWeightTiles(
        ConvolutionGeometry g, int samples, int channels, ReadOnlySpan<float> planes, ReadOnlySpan<float> slopes, int slopePlane, int sampleStride, Span<float> weightGradient)
    {
        Span<float> sums = stackalloc float[DotTile * DotTile * Lanes];
        Span<int> places = stackalloc int[DotTile];
        for (int k = 0; k < g.Depth; k += DotTile)
        {
            int weights = Math.Min(DotTile, g.Depth - k);
            for (int j = 0; j < DotTile; j++)
                places[j] = g.Layout.Offsets[k + Math.Min(j, weights - 1)];
            SumProducts(channels, samples, slopePlane, ref Start(slopes), slopePlane, sampleStride, ref Start(planes), g.Layout.Count, places, sums, false);
            for (int i = 0; i < channels; i++)
            {
                for (int j = 0; j < weights; j++)
                    weightGradient[i * g.Depth + k + j] += Combine(sums, i * DotTile + j);
            }
        }
    }
}
