namespace Skiptune.Numerics;

/// <summary>The extents of one sample's convolution, and the tables that follow from them.</summary>
internal sealed record ConvolutionGeometry(
    int InputChannels, int InputHeight, int InputWidth, int OutputChannels, int Groups, Window Window)
{
    // Floats of padded input that one pass over a batch may hold: 4 MiB.
    private const int PassFloats = 1 << 20;

    // Planes that a network cannot mean: 64 floats for each value in and out, and 64 MiB for small images that a large
    // dilation spreads; 1 GiB at most. Stride and padding cost a file nothing, so they must not cost all memory.
    private const long PlanesPerValue = 64;
    private const long PlanesAlways = 1L << 24;
    private const long MostPlanes = 1L << 28;

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

    /// <summary>Throws if the planes of the input would be far larger than what they are made of and what comes out.</summary>
    /// <exception cref="SkiptuneException">They would.</exception>
    public void CheckPlanes(string op) =>
        CheckPlanes(op, Math.Min(MostPlanes, PlanesPerValue * ((long)InputCount + OutputCount) + PlanesAlways));

    /// <summary>The same for the way back. Between the output's pixels lie zeros, so only the largest size counts.</summary>
    /// <exception cref="SkiptuneException">They would.</exception>
    public void CheckTransposedPlanes(string op) => Transposed.CheckPlanes(op, MostPlanes * Groups);

    private void CheckPlanes(string op, long most)
    {
        // As a double, because a window's numbers may be anything.
        double floats = (double)PlaneLayout.FloatsOf(this) * Groups;
        if (floats > most || PlaneLayout.FloatsOf(this) > MostPlanes)
            throw new SkiptuneException($"{op}'s strides, dilations and padding would need {floats:0} values of working memory a sample; at most {most} are allowed");
    }

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
    private readonly int _phases;
    private readonly int _pitch;

    public PlaneLayout(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        Window window = geometry.Window;
        (long rows, long phases, long pitch) = Extents(geometry);
        PaddedWidth = (int)PadToLanes(geometry.OutputWidth);
        _rows = checked((int)rows);
        _phases = checked((int)phases);
        _pitch = checked((int)pitch);
        RowPitch = checked((int)(window.StrideY * phases * pitch));
        Count = checked((int)FloatsOf(geometry));
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

    /// <summary>What <see cref="Count"/> would be; at most 2^62, whatever the window.</summary>
    public static long FloatsOf(ConvolutionGeometry geometry)
    {
        (long rows, long phases, long pitch) = Extents(geometry);
        return (long)Math.Min(1L << 62, (double)geometry.GroupInputChannels * rows * phases * pitch);
    }

    // Only the phases that the window's first row meets exist: a window narrower than its stride reads no other.
    private static (long Rows, long Phases, long Pitch) Extents(ConvolutionGeometry geometry)
    {
        Window window = geometry.Window;
        long reach = window.DilationX * (window.Width - 1L);
        long rows = (geometry.OutputHeight - 1L) * window.StrideY + window.DilationY * (window.Height - 1L) + 1;
        return (rows, Math.Min(window.StrideX, reach + 1), PadToLanes(geometry.OutputWidth) + reach / window.StrideX + 1);
    }

    private static long PadToLanes(long width) => (width + KernelSet.Lanes - 1) / KernelSet.Lanes * KernelSet.Lanes;

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
            if (column >= 0 && column / stride < _pitch && column % stride < _phases)
                lines[column % stride * _pitch + column / stride] = from[x];
        }
    }

    private int LineAt(int channel, int row, int phase) => ((channel * _rows + row) * _phases + phase) * _pitch;
}
