using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V>
{
    internal override void Convolve(
        ConvolutionGeometry g,
        int samples,
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        Range channels,
        Epilogue epilogue,
        Span<float> output)
    {
        if (bias.IsEmpty)
        {
            Span<float> zeros = Scratch.Get(Scratch.Purpose.Bias, g.OutputChannels);
            zeros.Clear();
            bias = zeros;
        }
        int outputs = g.OutputChannels * epilogue.Pixels(g.OutputHeight, g.OutputWidth);
        bool channelsAsLanes = HasChannelLanes(g);
        int together = channelsAsLanes || !HasSampleLanes(g) ? 1 : V.Width;
        for (int sample = 0, count; sample < samples; sample += count)
        {
            // Some lanes may stay empty, but not too many.
            count = 4 * (samples - sample) >= 3 * together ? Math.Min(together, samples - sample) : 1;
            ReadOnlySpan<float> from = input.Slice(sample * g.InputCount, count * g.InputCount);
            Span<float> to = output.Slice(sample * outputs, count * outputs);
            if (channelsAsLanes)
                ConvolveChannels(g, from, weight, bias, channels, epilogue, to);
            else if (count > 1)
                ConvolveSamples(g, count, from, weight, bias, channels, epilogue, to);
            else
                ConvolvePlaces(g, from, weight, bias, channels, epilogue, to);
        }
    }

    // One sample: a product whose lines are the cells that each weight meets. The outputs run along the vectors, a few
    // places between the rows with them, and no patch is ever copied.
    private static void ConvolvePlaces(
        ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Range channels, Epilogue epilogue, Span<float> output)
    {
        (int from, int length) = channels.GetOffsetAndLength(g.OutputChannels);
        (int groupInputs, int groupOutputs) = (g.GroupInputChannels * g.InputPixels, g.GroupOutputChannels);
        PlaneLayout layout = g.Layout;
        (int height, int width, int depth) = (layout.OutputHeight, layout.OutputWidth, layout.Offsets.Length);
        int pixels = epilogue.Pixels(height, width);
        // Between the rows of the output may be places of no output: then it goes through a copy, so many channels at a time
        // that the copy stays near.
        int places = layout.Places;
        bool direct = places == pixels && epilogue.Pool is null;
        int block = direct ? length : Math.Max(1, NearFloats / places / TallestTile * TallestTile);
        Span<float> copy = direct ? default : Scratch.Get(Scratch.Purpose.Output, checked(Math.Min(block, groupOutputs) * places));
        Span<float> own = layout.IsInput ? default : Scratch.Get(Scratch.Purpose.Planes, layout.Count);
        int filled = -1;
        for (int channel = from, count; channel < from + length; channel += count)
        {
            int group = channel / groupOutputs;
            count = Math.Min(Math.Min(from + length, (group + 1) * groupOutputs) - channel, block);
            ReadOnlySpan<float> planes = layout.IsInput ? input.Slice(group * groupInputs, groupInputs) : own;
            if (!layout.IsInput && filled != group)
                layout.Fill(filled = group, input, own);
            Span<float> target = output.Slice(channel * pixels, count * pixels);
            Span<float> result = direct ? target : copy[..(count * places)];
            Product<Scalar> product = new(count, depth, new Matrix(weight.Slice(channel * depth, count * depth), depth), ref Start(planes), ref layout.Offsets[0])
            {
                OutputStride = places,
                Bias = ref Start(bias.Slice(channel, count)),
                Epilogue = epilogue.BeforePool(),
            };
            for (int run = 0; run < layout.Runs; run++)
            {
                product.Lines = ref Unsafe.Add(ref Start(planes), run * layout.Pitch);
                Columns(product, layout.RunLength, result[(run * layout.RunLength)..]);
            }
            if (epilogue.Pool is { } pool)
            {
                MaxPool(count, pool, height, width, layout.RowPlaces, epilogue, result, target);
            }
            else if (!direct)
            {
                for (int i = 0; i < count; i++)
                    Rows.Copy(height, width, result[(i * places)..], layout.RowPlaces, target[(i * pixels)..], width);
            }
        }
    }

    // Nothing is added to what is there, so the last vector may overlap the one before.
    private static void Columns(Product<Scalar> product, int columns, Span<float> result)
    {
        if (columns < V.Width)
        {
            Span<float> panel = Scratch.Get(Scratch.Purpose.Line, product.Depth * V.Width);
            Span<float> sums = Scratch.Get(Scratch.Purpose.Panel, product.Rows * V.Width);
            int stride = product.OutputStride;
            product.CopyLines(0, columns, panel);
            product.Lines = ref Start(panel);
            product.Places = ref Scratch.Multiples(product.Depth, V.Width)[0];
            product.Output = ref Start(sums);
            product.OutputStride = V.Width;
            product.Columns(0, 1);
            for (int row = 0; row < product.Rows; row++)
                sums.Slice(row * V.Width, columns).CopyTo(result[(row * stride)..]);
            return;
        }
        product.Output = ref Start(result);
        product.Columns(0, columns / V.Width);
        if (columns % V.Width > 0)
            product.Columns(columns - V.Width, 1);
    }

    // The outputs' places run along the vectors; four channels and four weights at a time.
    internal override void ConvolveBackwardWeight(
        ConvolutionGeometry g, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient)
    {
        PlaneLayout layout = g.Layout;
        int run = (layout.RunLength + Lanes - 1) / Lanes * Lanes;
        int slopePlane = layout.Runs * run;
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
                Span<float> slopes = Scratch.Get(Scratch.Purpose.Slopes, checked(count * channels * slopePlane));
                for (int sample = 0; sample < count; sample++)
                {
                    layout.Fill(group, input.Slice((first + sample) * g.InputCount, g.InputCount), planes[(sample * layout.Count)..]);
                    for (int i = 0; i < channels; i++)
                    {
                        ReadOnlySpan<float> plane = outputGradient.Slice(((first + sample) * g.OutputChannels + channel + i) * g.OutputPixels, g.OutputPixels);
                        PadRows(layout.OutputWidth, layout.Runs == 1 ? layout.Pitch : run, plane, slopes.Slice((sample * channels + i) * slopePlane, slopePlane));
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
        Rows.Copy(from.Length / width, width, from, width, to, pitch);
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
            SumSamples(g.Layout, samples, channels, planes, slopes, slopePlane, sampleStride, places, sums);
            for (int i = 0; i < channels; i++)
            {
                for (int j = 0; j < weights; j++)
                    weightGradient[i * g.Depth + k + j] += Combine(sums, i * DotTile + j);
            }
        }
    }

    private static void SumSamples(
        PlaneLayout layout, int samples, int channels, ReadOnlySpan<float> planes, ReadOnlySpan<float> slopes, int slopePlane, int sampleStride, ReadOnlySpan<int> places, Span<float> sums)
    {
        if (layout.Runs == 1)
        {
            SumProducts(channels, samples, slopePlane, ref Start(slopes), slopePlane, sampleStride, ref Start(planes), layout.Count, places, sums, false);
            return;
        }
        int run = slopePlane / layout.Runs;
        for (int sample = 0; sample < samples; sample++)
        {
            ref float slope = ref Unsafe.Add(ref Start(slopes), sample * sampleStride);
            ref float plane = ref Unsafe.Add(ref Start(planes), sample * layout.Count);
            SumProducts(channels, layout.Runs, run, ref slope, slopePlane, run, ref plane, layout.Pitch, places, sums, sample > 0);
        }
    }
}
