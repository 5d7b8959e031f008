namespace Skiptune.Numerics;

/// <summary>The pieces of the input that a convolution's kernel sees, copied side by side; padding is zero.</summary>
internal static class Patches
{
    /// <summary>Depth x pixels: a line for each weight. Without a copy where the kernel is a single cell.</summary>
    public static ReadOnlySpan<float> Columns(ConvolutionGeometry g, int group, ReadOnlySpan<float> input)
    {
        ReadOnlySpan<float> channels = input.Slice(group * g.GroupInputChannels * g.InputPixels, g.GroupInputChannels * g.InputPixels);
        if (g.Window == new Window(1, 1))
            return channels;
        Span<float> columns = Scratch.Get(Scratch.Purpose.Columns, g.Depth * g.OutputPixels);
        for (int k = 0; k < g.Depth; k++)
        {
            Line line = new(g, k);
            ReadOnlySpan<float> plane = channels.Slice(line.Channel * g.InputPixels, g.InputPixels);
            for (int y = 0; y < g.OutputHeight; y++)
            {
                Span<float> to = columns.Slice(k * g.OutputPixels + y * g.OutputWidth, g.OutputWidth);
                if (line.Row(y) is not (int row and >= 0))
                {
                    to.Clear();
                    continue;
                }
                to[..line.From].Clear();
                to[line.To..].Clear();
                ReadOnlySpan<float> from = plane.Slice(row * g.InputWidth, g.InputWidth);
                if (g.Window.StrideX == 1)
                {
                    if (line.From < line.To)
                        from.Slice(line.Column(line.From), line.To - line.From).CopyTo(to[line.From..]);
                    continue;
                }
                for (int x = line.From; x < line.To; x++)
                    to[x] = from[line.Column(x)];
            }
        }
        return columns;
    }

    /// <summary>Adds each line of depth x pixels onto the cells of the input it was copied from.</summary>
    public static void AddColumns(ConvolutionGeometry g, int group, ReadOnlySpan<float> columns, Span<float> input, KernelSet kernels)
    {
        Span<float> channels = input.Slice(group * g.GroupInputChannels * g.InputPixels, g.GroupInputChannels * g.InputPixels);
        for (int k = 0; k < g.Depth; k++)
        {
            Line line = new(g, k);
            Span<float> plane = channels.Slice(line.Channel * g.InputPixels, g.InputPixels);
            for (int y = 0; y < g.OutputHeight; y++)
            {
                if (line.Row(y) is not (int row and >= 0) || line.From >= line.To)
                    continue;
                ReadOnlySpan<float> from = columns.Slice(k * g.OutputPixels + y * g.OutputWidth, g.OutputWidth)[line.From..line.To];
                Span<float> to = plane.Slice(row * g.InputWidth, g.InputWidth);
                if (g.Window.StrideX == 1)
                {
                    Span<float> cells = to.Slice(line.Column(line.From), from.Length);
                    kernels.Add(cells, from, cells);
                    continue;
                }
                for (int x = 0; x < from.Length; x++)
                    to[line.Column(line.From + x)] += from[x];
            }
        }
    }

    /// <summary>Pixels x depth: a line for each pixel.</summary>
    public static ReadOnlySpan<float> Rows(ConvolutionGeometry g, int group, ReadOnlySpan<float> input)
    {
        ReadOnlySpan<float> channels = input.Slice(group * g.GroupInputChannels * g.InputPixels, g.GroupInputChannels * g.InputPixels);
        Span<float> rows = Scratch.Get(Scratch.Purpose.Columns, g.Depth * g.OutputPixels);
        for (int k = 0; k < g.Depth; k++)
        {
            Line line = new(g, k);
            ReadOnlySpan<float> plane = channels.Slice(line.Channel * g.InputPixels, g.InputPixels);
            for (int y = 0; y < g.OutputHeight; y++)
            {
                int row = line.Row(y);
                for (int x = 0; x < g.OutputWidth; x++)
                {
                    bool inside = row >= 0 && x >= line.From && x < line.To;
                    rows[(y * g.OutputWidth + x) * g.Depth + k] = inside ? plane[row * g.InputWidth + line.Column(x)] : 0;
                }
            }
        }
        return rows;
    }

    /// <summary>Where one weight of the kernel falls: its input channel, and the output columns that lie inside.</summary>
    private readonly ref struct Line
    {
        private readonly ConvolutionGeometry _geometry;
        private readonly int _rowOffset;
        private readonly int _columnOffset;

        public Line(ConvolutionGeometry geometry, int k)
        {
            Window window = geometry.Window;
            int cell = k % window.Count;
            _geometry = geometry;
            Channel = k / window.Count;
            _rowOffset = cell / window.Width * window.DilationY - window.PadTop;
            _columnOffset = cell % window.Width * window.DilationX - window.PadLeft;
            int outputWidth = geometry.OutputWidth;
            From = _columnOffset >= 0 ? 0 : Math.Min(outputWidth, (-_columnOffset + window.StrideX - 1) / window.StrideX);
            int last = geometry.InputWidth - 1 - _columnOffset;
            To = last < 0 ? From : Math.Max(From, Math.Min(outputWidth, last / window.StrideX + 1));
        }

        public int Channel { get; }

        /// <summary>The first output column whose cell lies inside.</summary>
        public int From { get; }

        /// <summary>One past the last.</summary>
        public int To { get; }

        /// <summary>The input row for an output row, or -1 in the padding.</summary>
        public int Row(int outputY)
        {
            int row = outputY * _geometry.Window.StrideY + _rowOffset;
            return row >= 0 && row < _geometry.InputHeight ? row : -1;
        }

        /// <summary>The input column for an output column between From and To.</summary>
        public int Column(int outputX) => outputX * _geometry.Window.StrideX + _columnOffset;
    }
}
