namespace Skiptune.Numerics;

/// <summary>The extents of one sample's convolution, and the tables that follow from them.</summary>
internal sealed record ConvolutionGeometry(
    int InputChannels, int InputHeight, int InputWidth, int OutputChannels, int Groups, Window Window)
{
    // Floats of padded input that one pass over a batch may hold: 4 MiB.
    private const int PassFloats = 1 << 20;

    private ConvolutionGeometry? _transposed;
    private PlaneLayout? _layout;

    /// <summary>Rows from one input row to the next once zeros have been put between them; default 1: no zeros.</summary>
    public int SpreadY { get; init; } = 1;

    /// <summary>The same for columns.</summary>
    public int SpreadX { get; init; } = 1;

    public int OutputHeight => Window.OutputHeight((InputHeight - 1) * SpreadY + 1);

    public int OutputWidth => Window.OutputWidth((InputWidth - 1) * SpreadX + 1);

    public int OutputPixels => OutputHeight * OutputWidth;

    public int OutputCount => OutputChannels * OutputPixels;

    public int InputPixels => InputHeight * InputWidth;

    public int InputCount => InputChannels * InputPixels;

    public int GroupInputChannels => InputChannels / Groups;

    public int GroupOutputChannels => OutputChannels / Groups;

    /// <summary>The weights of one output channel.</summary>
    public int Depth => GroupInputChannels * Window.Count;

    /// <summary>How many samples the sum of a weight's gradient runs over before it is added: what fits a pass.</summary>
    public int SamplesPerPass => Math.Max(1, PassFloats / Layout.Count);

    /// <summary>How the input of one group lies in memory for the vector kernels.</summary>
    public PlaneLayout Layout => _layout ??= new PlaneLayout(this);

    /// <summary>
    /// The convolution that takes output gradients to input gradients: with the flipped weights
    /// (<see cref="FlipWeights"/>), and with zeros between the output's pixels where the stride is above 1.
    /// </summary>
    public ConvolutionGeometry Transposed => _transposed ??= Transpose();

    /// <summary>flipped[in, out, y, x] = weight[out, in, last - y, last - x], within each group.</summary>
    public void FlipWeights(ReadOnlySpan<float> weight, Span<float> flipped)
    {
        int cells = Window.Count;
        for (int group = 0; group < Groups; group++)
        {
            for (int o = 0; o < GroupOutputChannels; o++)
            {
                for (int i = 0; i < GroupInputChannels; i++)
                {
                    ReadOnlySpan<float> from = weight.Slice(((group * GroupOutputChannels + o) * GroupInputChannels + i) * cells, cells);
                    Span<float> to = flipped.Slice(((group * GroupInputChannels + i) * GroupOutputChannels + o) * cells, cells);
                    for (int cell = 0; cell < cells; cell++)
                        to[cell] = from[cells - 1 - cell];
                }
            }
        }
    }

    private ConvolutionGeometry Transpose()
    {
        int spreadHeight = (OutputHeight - 1) * Window.StrideY + 1;
        int spreadWidth = (OutputWidth - 1) * Window.StrideX + 1;
        int reachY = Window.DilationY * (Window.Height - 1);
        int reachX = Window.DilationX * (Window.Width - 1);
        Window window = Window with
        {
            StrideY = 1,
            StrideX = 1,
            PadTop = reachY - Window.PadTop,
            PadLeft = reachX - Window.PadLeft,
            // What is left to reach the input's last row and column; below zero where rows or columns were never read.
            PadBottom = InputHeight - spreadHeight + Window.PadTop,
            PadRight = InputWidth - spreadWidth + Window.PadLeft,
        };
        return new ConvolutionGeometry(OutputChannels, OutputHeight, OutputWidth, InputChannels, Groups, window)
        {
            SpreadY = Window.StrideY,
            SpreadX = Window.StrideX,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{InputChannels}x{InputHeight}x{InputWidth} to {OutputChannels} in {Groups}, {Window}, spread {SpreadY}x{SpreadX}";
}

/// <summary>
/// The input planes of one group with their padding, each row split by the stride into phases, so that the cells a
/// weight meets along a row of the output lie side by side whatever the stride: channels x rows x phases x pitch.
/// Each line is long enough for whole vectors.
/// </summary>
internal sealed class PlaneLayout
{
    private readonly ConvolutionGeometry _geometry;
    private readonly int _rows;
    private readonly int _pitch;

    public PlaneLayout(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        Window window = geometry.Window;
        int reach = window.DilationX * (window.Width - 1);
        PaddedWidth = (geometry.OutputWidth + KernelSet.Lanes - 1) / KernelSet.Lanes * KernelSet.Lanes;
        _rows = (geometry.OutputHeight - 1) * window.StrideY + window.DilationY * (window.Height - 1) + 1;
        _pitch = PaddedWidth + reach / window.StrideX + 1;
        RowPitch = window.StrideY * window.StrideX * _pitch;
        Count = geometry.GroupInputChannels * _rows * window.StrideX * _pitch;
        Offsets = new int[geometry.Depth];
        for (int k = 0; k < Offsets.Length; k++)
        {
            int cell = k % window.Count;
            int x = cell % window.Width * window.DilationX;
            Offsets[k] = LineAt(k / window.Count, cell / window.Width * window.DilationY, x % window.StrideX) + x / window.StrideX;
        }
    }

    /// <summary>Floats of all planes.</summary>
    public int Count { get; }

    /// <summary>Where the cell of each weight lies for the first output pixel.</summary>
    public int[] Offsets { get; }

    /// <summary>From one row of the output to the next.</summary>
    public int RowPitch { get; }

    /// <summary>The columns of the output, rounded up to the lanes of a reduction.</summary>
    public int PaddedWidth { get; }

    /// <summary>Copies one group of a sample there.</summary>
    public void Fill(int group, ReadOnlySpan<float> sample, Span<float> planes)
    {
        ConvolutionGeometry g = _geometry;
        planes[..Count].Clear();
        for (int channel = 0; channel < g.GroupInputChannels; channel++)
        {
            ReadOnlySpan<float> plane = sample.Slice((group * g.GroupInputChannels + channel) * g.InputPixels, g.InputPixels);
            for (int y = 0; y < g.InputHeight; y++)
            {
                int row = y * g.SpreadY + g.Window.PadTop;
                if (row >= 0 && row < _rows)
                    FillRow(plane.Slice(y * g.InputWidth, g.InputWidth), planes[LineAt(channel, row, 0)..]);
            }
        }
    }

    private void FillRow(ReadOnlySpan<float> from, Span<float> lines)
    {
        (int stride, int spread, int pad) = (_geometry.Window.StrideX, _geometry.SpreadX, _geometry.Window.PadLeft);
        if (stride == 1 && spread == 1)
        {
            int first = Math.Max(0, -pad);
            int count = Math.Min(from.Length - first, _pitch - pad - first);
            if (count > 0)
                from.Slice(first, count).CopyTo(lines[(first + pad)..]);
            return;
        }
        for (int x = 0; x < from.Length; x++)
        {
            int column = x * spread + pad;
            if (column >= 0 && column / stride < _pitch)
                lines[column % stride * _pitch + column / stride] = from[x];
        }
    }

    private int LineAt(int channel, int row, int phase) => ((channel * _rows + row) * _geometry.Window.StrideX + phase) * _pitch;
}
