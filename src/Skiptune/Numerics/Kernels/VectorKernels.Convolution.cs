using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    // The output's pixels run along the vectors, two vectors and six channels at a time; no patch is ever copied.
    internal override void Convolve(ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output)
    {
        PlaneLayout layout = g.Layout;
        int vectors = (g.OutputWidth + S.Width - 1) / S.Width; // of a row
        int total = vectors * g.OutputHeight;
        Span<float> planes = Scratch.Get(Scratch.Purpose.Planes, layout.Count);
        Span<float> padded = Scratch.Get(Scratch.Purpose.Output, TileRows * (total + 1) * S.Width);
        int stride = (total + 1) * S.Width;
        for (int group = 0; group < g.Groups; group++)
        {
            layout.Fill(group, input, planes);
            for (int first = 0; first < g.GroupOutputChannels; first += TileRows)
            {
                int channel = group * g.GroupOutputChannels + first;
                int channels = Math.Min(TileRows, g.GroupOutputChannels - first);
                for (int i = 0; i < TileRows; i++)
                    padded.Slice(i * stride, stride).Fill(bias.IsEmpty ? 0 : bias[channel + Math.Min(i, channels - 1)]);
                for (int t = 0; t < total; t += 2)
                {
                    int next = Math.Min(t + 1, total - 1);
                    ConvolveTile(
                        channels - 1,
                        g.Depth,
                        ref Unsafe.Add(ref Start(weight), channel * g.Depth),
                        ref layout.Offsets[0],
                        ref planes[t / vectors * layout.RowPitch + t % vectors * S.Width],
                        ref planes[next / vectors * layout.RowPitch + next % vectors * S.Width],
                        ref padded[t * S.Width],
                        stride);
                }
                for (int i = 0; i < channels; i++)
                {
                    for (int y = 0; y < g.OutputHeight; y++)
                        padded.Slice(i * stride + y * vectors * S.Width, g.OutputWidth).CopyTo(output[((channel + i) * g.OutputPixels + y * g.OutputWidth)..]);
                }
            }
        }
    }

    // The output's columns run along the vectors; four channels and four weights at a time.
    internal override void ConvolveBackwardWeight(
        ConvolutionGeometry g, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, int fromChannel, int toChannel, Span<float> weightGradient)
    {
        PlaneLayout layout = g.Layout;
        int slopePlane = g.OutputHeight * layout.PaddedWidth;
        for (int first = 0; first < samples; first += g.SamplesPerPass)
        {
            int count = Math.Min(g.SamplesPerPass, samples - first);
            Span<float> planes = Scratch.Get(Scratch.Purpose.Planes, count * layout.Count);
            for (int channel = fromChannel; channel < toChannel;)
            {
                int group = channel / g.GroupOutputChannels;
                int channels = Math.Min(toChannel, (group + 1) * g.GroupOutputChannels) - channel;
                Span<float> slopes = Scratch.Get(Scratch.Purpose.Slopes, count * channels * slopePlane);
                for (int sample = 0; sample < count; sample++)
                {
                    layout.Fill(group, input.Slice((first + sample) * g.InputCount, g.InputCount), planes[(sample * layout.Count)..]);
                    PadRows(
                        g.OutputWidth,
                        layout.PaddedWidth,
                        outputGradient.Slice(((first + sample) * g.OutputChannels + channel) * g.OutputPixels, channels * g.OutputPixels),
                        slopes[(sample * channels * slopePlane)..]);
                }
                for (int i = 0; i < channels; i += DotTile)
                    AddWeightTiles(g, count, Math.Min(DotTile, channels - i), planes, slopes[(i * slopePlane)..], channels * slopePlane, weightGradient[((channel + i) * g.Depth)..]);
                channel += channels;
            }
        }
    }

    private static void PadRows(int width, int paddedWidth, ReadOnlySpan<float> from, Span<float> to)
    {
        to[..(from.Length / width * paddedWidth)].Clear();
        for (int row = 0; row < from.Length / width; row++)
            from.Slice(row * width, width).CopyTo(to[(row * paddedWidth)..]);
    }

    private static void AddWeightTiles(
        ConvolutionGeometry g, int samples, int channels, ReadOnlySpan<float> planes, ReadOnlySpan<float> slopes, int sampleStride, Span<float> weightGradient)
    {
        Span<float> sums = stackalloc float[DotTile * DotTile * Lanes];
        for (int k = 0; k < g.Depth; k += DotTile)
        {
            int weights = Math.Min(DotTile, g.Depth - k);
            for (int lanes = 0; lanes < Lanes / S.Width; lanes++)
            {
                SumWeightTile(
                    g, samples, lanes, ref Start(slopes), sampleStride, channels - 1, ref Start(planes), k, weights - 1, ref sums[lanes * DotTile * DotTile * S.Width]);
            }
            for (int i = 0; i < channels; i++)
            {
                for (int j = 0; j < weights; j++)
                    weightGradient[i * g.Depth + k + j] += Combine(sums, i * DotTile + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolveTile(int last, int depth, ref float weight, ref int offsets, ref float x0, ref float x1, ref float c, int stride)
    {
        ref float a0 = ref weight;
        ref float a1 = ref Unsafe.Add(ref weight, Math.Min(1, last) * depth);
        ref float a2 = ref Unsafe.Add(ref weight, Math.Min(2, last) * depth);
        ref float a3 = ref Unsafe.Add(ref weight, Math.Min(3, last) * depth);
        ref float a4 = ref Unsafe.Add(ref weight, Math.Min(4, last) * depth);
        ref float a5 = ref Unsafe.Add(ref weight, Math.Min(5, last) * depth);
        nuint s = (nuint)stride;
        nuint w = (nuint)S.Width;
        V c00 = S.Load(ref c, 0), c01 = S.Load(ref c, w);
        V c10 = S.Load(ref c, s), c11 = S.Load(ref c, s + w);
        V c20 = S.Load(ref c, 2 * s), c21 = S.Load(ref c, 2 * s + w);
        V c30 = S.Load(ref c, 3 * s), c31 = S.Load(ref c, 3 * s + w);
        V c40 = S.Load(ref c, 4 * s), c41 = S.Load(ref c, 4 * s + w);
        V c50 = S.Load(ref c, 5 * s), c51 = S.Load(ref c, 5 * s + w);
        for (int k = 0; k < depth; k++)
        {
            nuint at = (nuint)Unsafe.Add(ref offsets, k);
            V b0 = S.Load(ref x0, at);
            V b1 = S.Load(ref x1, at);
            V left = S.Broadcast(Unsafe.Add(ref a0, k));
            c00 = S.FusedMultiplyAdd(left, b0, c00);
            c01 = S.FusedMultiplyAdd(left, b1, c01);
            left = S.Broadcast(Unsafe.Add(ref a1, k));
            c10 = S.FusedMultiplyAdd(left, b0, c10);
            c11 = S.FusedMultiplyAdd(left, b1, c11);
            left = S.Broadcast(Unsafe.Add(ref a2, k));
            c20 = S.FusedMultiplyAdd(left, b0, c20);
            c21 = S.FusedMultiplyAdd(left, b1, c21);
            left = S.Broadcast(Unsafe.Add(ref a3, k));
            c30 = S.FusedMultiplyAdd(left, b0, c30);
            c31 = S.FusedMultiplyAdd(left, b1, c31);
            left = S.Broadcast(Unsafe.Add(ref a4, k));
            c40 = S.FusedMultiplyAdd(left, b0, c40);
            c41 = S.FusedMultiplyAdd(left, b1, c41);
            left = S.Broadcast(Unsafe.Add(ref a5, k));
            c50 = S.FusedMultiplyAdd(left, b0, c50);
            c51 = S.FusedMultiplyAdd(left, b1, c51);
        }
        S.Store(c00, ref c, 0);
        S.Store(c01, ref c, w);
        S.Store(c10, ref c, s);
        S.Store(c11, ref c, s + w);
        S.Store(c20, ref c, 2 * s);
        S.Store(c21, ref c, 2 * s + w);
        S.Store(c30, ref c, 3 * s);
        S.Store(c31, ref c, 3 * s + w);
        S.Store(c40, ref c, 4 * s);
        S.Store(c41, ref c, 4 * s + w);
        S.Store(c50, ref c, 5 * s);
        S.Store(c51, ref c, 5 * s + w);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumWeightTile(
        ConvolutionGeometry g, int samples, int lanes, ref float slopes, int slopeSample, int lastChannel, ref float planes, int k, int lastWeight, ref float sums)
    {
        PlaneLayout layout = g.Layout;
        int height = g.OutputHeight;
        int width = layout.PaddedWidth;
        ref float d0 = ref slopes;
        ref float d1 = ref Unsafe.Add(ref slopes, Math.Min(1, lastChannel) * height * width);
        ref float d2 = ref Unsafe.Add(ref slopes, Math.Min(2, lastChannel) * height * width);
        ref float d3 = ref Unsafe.Add(ref slopes, Math.Min(3, lastChannel) * height * width);
        ref float x0 = ref Unsafe.Add(ref planes, layout.Offsets[k]);
        ref float x1 = ref Unsafe.Add(ref planes, layout.Offsets[k + Math.Min(1, lastWeight)]);
        ref float x2 = ref Unsafe.Add(ref planes, layout.Offsets[k + Math.Min(2, lastWeight)]);
        ref float x3 = ref Unsafe.Add(ref planes, layout.Offsets[k + Math.Min(3, lastWeight)]);
        V s00 = S.Broadcast(0);
        V s01 = s00, s02 = s00, s03 = s00;
        V s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        V s20 = s00, s21 = s00, s22 = s00, s23 = s00;
        V s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (int sample = 0; sample < samples; sample++)
        {
            for (int y = 0; y < height; y++)
            {
                nuint slope = (nuint)(sample * slopeSample + y * width);
                nuint cell = (nuint)(sample * layout.Count + y * layout.RowPitch);
                for (int x = lanes * S.Width; x < width; x += Lanes)
                {
                    nuint column = (nuint)x;
                    V e0 = S.Load(ref d0, slope + column);
                    V e1 = S.Load(ref d1, slope + column);
                    V e2 = S.Load(ref d2, slope + column);
                    V e3 = S.Load(ref d3, slope + column);
                    V z = S.Load(ref x0, cell + column);
                    s00 = S.FusedMultiplyAdd(e0, z, s00);
                    s10 = S.FusedMultiplyAdd(e1, z, s10);
                    s20 = S.FusedMultiplyAdd(e2, z, s20);
                    s30 = S.FusedMultiplyAdd(e3, z, s30);
                    z = S.Load(ref x1, cell + column);
                    s01 = S.FusedMultiplyAdd(e0, z, s01);
                    s11 = S.FusedMultiplyAdd(e1, z, s11);
                    s21 = S.FusedMultiplyAdd(e2, z, s21);
                    s31 = S.FusedMultiplyAdd(e3, z, s31);
                    z = S.Load(ref x2, cell + column);
                    s02 = S.FusedMultiplyAdd(e0, z, s02);
                    s12 = S.FusedMultiplyAdd(e1, z, s12);
                    s22 = S.FusedMultiplyAdd(e2, z, s22);
                    s32 = S.FusedMultiplyAdd(e3, z, s32);
                    z = S.Load(ref x3, cell + column);
                    s03 = S.FusedMultiplyAdd(e0, z, s03);
                    s13 = S.FusedMultiplyAdd(e1, z, s13);
                    s23 = S.FusedMultiplyAdd(e2, z, s23);
                    s33 = S.FusedMultiplyAdd(e3, z, s33);
                }
            }
        }
        nuint w = (nuint)S.Width;
        S.Store(s00, ref sums, 0);
        S.Store(s01, ref sums, w);
        S.Store(s02, ref sums, 2 * w);
        S.Store(s03, ref sums, 3 * w);
        S.Store(s10, ref sums, 4 * w);
        S.Store(s11, ref sums, 5 * w);
        S.Store(s12, ref sums, 6 * w);
        S.Store(s13, ref sums, 7 * w);
        S.Store(s20, ref sums, 8 * w);
        S.Store(s21, ref sums, 9 * w);
        S.Store(s22, ref sums, 10 * w);
        S.Store(s23, ref sums, 11 * w);
        S.Store(s30, ref sums, 12 * w);
        S.Store(s31, ref sums, 13 * w);
        S.Store(s32, ref sums, 14 * w);
        S.Store(s33, ref sums, 15 * w);
    }
}
