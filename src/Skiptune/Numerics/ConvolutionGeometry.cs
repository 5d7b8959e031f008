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
    private PlaneLayout? _lanes;

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

    /// <summary>The same for several samples or channels at once.</summary>
    public PlaneLayout LayoutOf(int lanes) => _lanes is { } layout && layout.Lanes == lanes ? layout : _lanes = new PlaneLayout(this, lanes);

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
