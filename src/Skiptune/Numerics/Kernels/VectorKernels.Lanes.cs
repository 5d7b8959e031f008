using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// Convolutions with a sample, or a channel with weights of its own, in each lane: a place is a vector. Nothing is wasted
// between rows, no load is unaligned, and a pooling is the largest of vectors. The price is to turn the input and
// the output.
internal sealed partial class VectorKernels<V>
{
    // What the lanes of samples read together should stay in a second-level cache; those of channels have little to do
    // with it, so that it must be nearer.
    private const int MostSampleFloats = 1 << 17;
    private const int MostChannelFloats = 1 << 15;

    // Channels that have weights of their own are too little work for a tile; of each alone, most would be laying out.
    private static bool HasChannelLanes(ConvolutionGeometry g) => g.GroupOutputChannels == 1 && 2 * g.Groups >= V.Width && LanesStayNear(g, MostChannelFloats);

    // Where the samples lie as the products want them, there is nothing to gain.
    private static bool HasSampleLanes(ConvolutionGeometry g) => LanesStayNear(g, MostSampleFloats) && !(g.Layout.IsInput && g.Layout.Places == g.OutputPixels);

    private static bool LanesStayNear(ConvolutionGeometry g, int most) =>
        Math.Max(PlaneLayout.FloatsOf(g), (long)g.GroupInputChannels * g.InputPixels) <= most / V.Width;

    private static void ConvolveSamples(
        ConvolutionGeometry g, int samples, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Range channels, Epilogue epilogue, Span<float> output)
    {
        (int from, int length) = channels.GetOffsetAndLength(g.OutputChannels);
        (int groupInputs, int groupOutputs, int depth) = (g.GroupInputChannels * g.InputPixels, g.GroupOutputChannels, g.Depth);
        int pixels = epilogue.Pixels(g.OutputHeight, g.OutputWidth);
        for (int channel = from, count; channel < from + length; channel += count)
        {
            int group = channel / groupOutputs;
            count = Math.Min(from + length, (group + 1) * groupOutputs) - channel;
            ConvolveLanes<Scalar>(
                g,
                samples,
                new Matrix(input[(group * groupInputs)..], g.InputCount),
                count,
                new Matrix(weight.Slice(channel * depth, count * depth), depth),
                bias.Slice(channel, count),
                epilogue,
                output[(channel * pixels)..],
                g.OutputChannels * pixels);
        }
    }

    private static void ConvolveChannels(
        ConvolutionGeometry g, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Range channels, Epilogue epilogue, Span<float> output)
    {
        (int from, int length) = channels.GetOffsetAndLength(g.OutputChannels);
        (int inputs, int depth) = (g.GroupInputChannels * g.InputPixels, g.Depth);
        int pixels = epilogue.Pixels(g.OutputHeight, g.OutputWidth);
        Span<float> factors = Scratch.Get(Scratch.Purpose.Panel, depth * V.Width);
        Span<float> starts = Scratch.Get(Scratch.Purpose.Row, V.Width);
        for (int channel = from; channel < from + length; channel += V.Width)
        {
            int count = Math.Min(V.Width, from + length - channel);
            Transpose(count, depth, new Matrix(weight.Slice(channel * depth, count * depth), depth), factors, V.Width);
            bias.Slice(channel, count).CopyTo(starts);
            ConvolveLanes<Vector>(
                g,
                count,
                new Matrix(input.Slice(channel * inputs, count * inputs), inputs),
                1,
                new Matrix(factors, depth * V.Width, V.Width),
                starts,
                epilogue,
                output.Slice(channel * pixels, count * pixels),
                pixels);
        }
    }

    // lanes: how many are in use. input: a lane a row. left: channels x depth.
    private static void ConvolveLanes<TLeft>(
        ConvolutionGeometry g, int lanes, Matrix input, int channels, Matrix left, ReadOnlySpan<float> bias, Epilogue epilogue, Span<float> output, int outputStride)
        where TLeft : struct, ILeft
    {
        PlaneLayout layout = g.LayoutOf(V.Width);
        (int height, int width, int depth) = (layout.OutputHeight, layout.OutputWidth, layout.Offsets.Length);
        int inputs = g.GroupInputChannels * g.InputPixels;
        int pixels = epilogue.Pixels(height, width);
        Span<float> cells = Scratch.Get(Scratch.Purpose.Cells, inputs * V.Width);
        if (lanes < V.Width)
            cells.Clear();
        Transpose(lanes, inputs, input, cells, V.Width);
        Span<float> planes = layout.IsInput ? cells : Scratch.Get(Scratch.Purpose.Planes, layout.Count);
        if (!layout.IsInput)
            layout.Fill(0, cells, planes);

        // So many channels at a time that their results stay near.
        int block = Math.Min(channels, Math.Max(TallestTile, NearFloats / (pixels * V.Width) / TallestTile * TallestTile));
        Span<float> results = Scratch.Get(Scratch.Purpose.Output, checked(block * pixels * V.Width));
        for (int channel = 0; channel < channels; channel += block)
        {
            int count = Math.Min(block, channels - channel);
            Product<TLeft> product = new(count, depth, new Matrix(left.Values[(channel * left.RowStride)..], left.RowStride, left.ColumnStride), ref Start(planes), ref layout.Offsets[0])
            {
                Bias = ref Start(bias[(channel * TLeft.Values)..]),
                Below = layout.Pitch * V.Width,
            };
            if (epilogue.Pool is not { } window)
                ConvolveRows(product, 1, height, width, epilogue, results);
            else if (window == Window.Square(2, stride: 2))
                ConvolveRows(product, 2, height / 2, width / 2, epilogue, results);
            else
                ConvolveBands(product, window, height, width, epilogue, results);
            Transpose(count * pixels, lanes, new Matrix(results, V.Width), output[(channel * pixels)..], outputStride);
        }
    }

    // The plane of each channel one after the other: all places, or of each square of two by two the largest, where what is
    // pooled never leaves the registers.
    private static void ConvolveRows<TLeft>(Product<TLeft> product, int side, int height, int width, in Epilogue epilogue, Span<float> results)
        where TLeft : struct, ILeft
    {
        product.Epilogue = epilogue;
        product.OutputStride = height * width * V.Width;
        ref float lines = ref product.Lines;
        for (int y = 0; y < height; y++)
        {
            product.Lines = ref Unsafe.Add(ref lines, side * y * product.Below);
            product.Output = ref Unsafe.Add(ref Start(results), y * width * V.Width);
            if (side == 2)
                product.Squares(width);
            else
                product.Columns(0, width);
        }
    }

    // Of windows that do not overlap, only the rows under one at a time.
    private static void ConvolveBands<TLeft>(Product<TLeft> product, in Window window, int height, int width, in Epilogue epilogue, Span<float> results)
        where TLeft : struct, ILeft
    {
        Band band = Band.Of(window, height);
        int pixels = window.OutputHeight(height) * window.OutputWidth(width);
        Span<float> rows = Scratch.Get(Scratch.Purpose.Band, checked(product.Rows * band.Height * width * V.Width));
        int pooled = pixels / band.Count * V.Width;
        ref float lines = ref product.Lines;
        for (int b = 0; b < band.Count; b++)
        {
            product.Lines = ref Unsafe.Add(ref lines, b * band.Step * product.Below);
            ConvolveRows(product, 1, band.Height, width, epilogue.BeforePool(), rows);
            MaxPoolLanes(window, product.Rows, band.Height, width, epilogue, rows, results[(b * pooled)..], pooled, pixels * V.Width);
        }
    }

    /// <summary>The rows of a convolution that are computed before they are pooled.</summary>
    /// <param name="Height">How many.</param>
    /// <param name="Step">From one band to the next.</param>
    /// <param name="Count">How many bands.</param>
    private readonly record struct Band(int Height, int Step, int Count)
    {
        public static Band Of(Window pool, int height) =>
            pool is { DilationY: 1, PadTop: 0, PadBottom: 0 } && pool.Height <= pool.StrideY ? new Band(pool.Height, pool.StrideY, pool.OutputHeight(height)) : new Band(height, 0, 1);
    }

    // Planes of some rows, all of them together. The results of a plane are so many floats, with a stride between planes.
    [MethodImpl(KernelCode.Optimized)]
    private static void MaxPoolLanes(
        in Window window, int planes, int height, int width, in Epilogue limits, ReadOnlySpan<float> input, Span<float> output, int results, int stride)
    {
        (V low, V high) = (V.Broadcast(limits.Low), V.Broadcast(limits.High));
        int outputWidth = window.OutputWidth(width);
        int outputHeight = results / (outputWidth * V.Width);
        int plane = height * width * V.Width;
        for (int row = 0; row < outputHeight; row++)
        {
            Cells lines = Cells.OfRow(window, row, height);
            int below = lines.Step * width * V.Width;
            for (int i = 0; i < planes; i++)
            {
                ref float line = ref Unsafe.Add(ref Start(input), i * plane + lines.First * width * V.Width);
                ref float to = ref Unsafe.Add(ref Start(output), i * stride + row * outputWidth * V.Width);
                for (int column = 0; column < outputWidth; column++)
                {
                    Cells columns = Cells.OfColumn(window, column, width);
                    V largest = MaxCells(ref Unsafe.Add(ref line, columns.First * V.Width), lines, columns, below);
                    V.Store(V.Lower(V.Raise(largest, low), high), ref to, (nuint)(column * V.Width));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MaxCells(ref float cell, Cells lines, Cells columns, int below)
    {
        V largest = V.Broadcast(float.NegativeInfinity);
        for (int y = lines.First; y < lines.End; y += lines.Step)
        {
            for (int x = columns.First; x < columns.End; x += columns.Step)
                largest = V.Max(largest, V.Load(ref cell, (nuint)((x - columns.First) * V.Width)));
            cell = ref Unsafe.Add(ref cell, below);
        }
        return largest;
    }
}
