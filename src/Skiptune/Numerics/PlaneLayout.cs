namespace Skiptune.Numerics;

/// <summary>
/// The input planes of one group with their padding, rows and columns split by the stride into phases, so that the
/// cells a weight meets lie as the outputs do, one after the other along a row and rows a <see cref="Pitch"/> apart,
/// whatever the stride: channels x row phases x column phases x rows x pitch. All rows of the output are one run of
/// places, with a few between the rows that belong to no output; where those would be most, each row is a run of its own.
/// Of several samples, or of several channels with weights of their own, a place can hold one value of each: its lanes.
/// Then each row is a run.
/// </summary>
internal sealed class PlaneLayout
{
    private readonly ConvolutionGeometry _geometry;
    private readonly int _rowPhases;
    private readonly int _columnPhases;
    private readonly int _rows;

    /// <param name="geometry">The convolution.</param>
    /// <param name="lanes">The values of a place.</param>
    public PlaneLayout(ConvolutionGeometry geometry, int lanes = 1)
    {
        _geometry = geometry;
        Lanes = lanes;
        Window window = geometry.Window;
        (long rows, long pitch, long rowPhases, long columnPhases) = Extents(geometry);
        _rows = checked((int)rows);
        _rowPhases = checked((int)rowPhases);
        _columnPhases = checked((int)columnPhases);
        Pitch = checked((int)pitch);
        Count = checked((int)FloatsOf(geometry) * lanes);
        (OutputHeight, OutputWidth) = (geometry.OutputHeight, geometry.OutputWidth);
        // Where more lies between the rows than in them, each row is taken by itself.
        bool apart = lanes > 1 || Pitch >= 2 * ((OutputWidth + KernelSet.Lanes - 1) / KernelSet.Lanes * KernelSet.Lanes);
        (Runs, RunLength) = apart ? (OutputHeight, OutputWidth) : (1, (OutputHeight - 1) * Pitch + OutputWidth);
        RowPlaces = apart ? OutputWidth : Pitch;
        IsInput = Pitch == geometry.InputWidth && _rows == geometry.InputHeight && _rowPhases * _columnPhases == 1
            && geometry is { SpreadX: 1, SpreadY: 1, Window: { StrideX: 1, StrideY: 1, PadLeft: 0, PadTop: 0 } };
        Offsets = new int[geometry.Depth];
        for (int k = 0; k < Offsets.Length; k++)
        {
            int cell = k % window.Count;
            int y = cell / window.Width * window.DilationY;
            int x = cell % window.Width * window.DilationX;
            Offsets[k] = LineAt(k / window.Count, y % window.StrideY, x % window.StrideX, y / window.StrideY) + lanes * (x / window.StrideX);
        }
    }

    /// <summary>The values of a place, one of each sample or channel.</summary>
    public int Lanes { get; }

    /// <summary>Floats of all planes.</summary>
    public int Count { get; }

    /// <summary>Rows of the output.</summary>
    public int OutputHeight { get; }

    /// <summary>Columns of the output.</summary>
    public int OutputWidth { get; }

    /// <summary>Places from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>How many runs of places the outputs are computed in: one, or one for each row of the output.</summary>
    public int Runs { get; }

    /// <summary>The places of a run, from its first output to its last.</summary>
    public int RunLength { get; }

    /// <summary>The places from one row of the output to the next.</summary>
    public int RowPlaces { get; }

    /// <summary>The places of all outputs.</summary>
    public int Places => Runs * RunLength;

    /// <summary>Where the cell of each weight lies for the first output, in floats.</summary>
    public int[] Offsets { get; }

    /// <summary>True if the planes are the input as it is.</summary>
    public bool IsInput { get; }

    /// <summary>What <see cref="Count"/> would be; at most 2^62, whatever the window.</summary>
    public static long FloatsOf(ConvolutionGeometry geometry)
    {
        (long rows, long pitch, long rowPhases, long columnPhases) = Extents(geometry);
        return (long)Math.Min(1L << 62, (double)geometry.GroupInputChannels * rowPhases * columnPhases * rows * pitch);
    }

    // Only the phases that the window meets exist: a window narrower than its stride reads no other.
    private static (long Rows, long Pitch, long RowPhases, long ColumnPhases) Extents(ConvolutionGeometry geometry)
    {
        Window window = geometry.Window;
        long reachY = window.DilationY * (window.Height - 1L);
        long reachX = window.DilationX * (window.Width - 1L);
        return (
            geometry.OutputHeight + reachY / window.StrideY,
            geometry.OutputWidth + reachX / window.StrideX,
            Math.Min(window.StrideY, reachY + 1),
            Math.Min(window.StrideX, reachX + 1));
    }

    /// <summary>Copies one group of a sample there; with lanes, the same group of all of them, a place behind the other.</summary>
    public void Fill(int group, ReadOnlySpan<float> sample, Span<float> planes)
    {
        ConvolutionGeometry g = _geometry;
        Window window = g.Window;
        int plane = g.InputPixels * Lanes;
        planes[..Count].Clear();
        for (int channel = 0; channel < g.GroupInputChannels; channel++)
        {
            ReadOnlySpan<float> cells = sample.Slice((group * g.GroupInputChannels + channel) * plane, plane);
            // Rows of one phase lie one after the other, and so do their sources: every so many rows of the input.
            for (int phase = 0; phase < _rowPhases; phase++)
            {
                (int first, int step, int place, int rowStep, int count) = Cells(phase, window.StrideY, g.SpreadY, window.PadTop, g.InputHeight, _rows);
                if (count > 0)
                    FillRows(cells[(first * g.InputWidth * Lanes)..], step * g.InputWidth * Lanes, planes[LineAt(channel, phase, 0, place)..], rowStep * Pitch * Lanes, count);
            }
        }
    }

    private void FillRows(ReadOnlySpan<float> from, int fromPitch, Span<float> lines, int toPitch, int rows)
    {
        Window window = _geometry.Window;
        for (int phase = 0; phase < _columnPhases; phase++)
        {
            (int first, int step, int place, int placeStep, int count) = Cells(phase, window.StrideX, _geometry.SpreadX, window.PadLeft, _geometry.InputWidth, Pitch);
            if (count <= 0)
                continue;
            Span<float> to = lines[((phase * _rows * Pitch + place) * Lanes)..];
            if (step == 1 && placeStep == 1)
            {
                Rows.Copy(rows, count * Lanes, from[(first * Lanes)..], fromPitch, to, toPitch);
                continue;
            }
            for (int row = 0; row < rows; row++)
            {
                if (Lanes > 1)
                    Rows.Copy(count, Lanes, from[(row * fromPitch + first * Lanes)..], step * Lanes, to[(row * toPitch)..], placeStep * Lanes);
                else if (placeStep == 1)
                    Rows.CopyEvery(step, from[(row * fromPitch + first)..], to.Slice(row * toPitch, count));
                else
                    Spread(count, from[(row * fromPitch + first)..], to[(row * toPitch)..], placeStep);
            }
        }
    }

    /// <summary>
    /// Which rows (or columns) of the input a phase has: the first, from one to the next, where the first lies, from
    /// there to the next, and how many. Of stride and spread one is 1.
    /// </summary>
    private static (int First, int Step, int Place, int PlaceStep, int Count) Cells(int phase, int stride, int spread, int pad, int extent, int places)
    {
        if (spread > 1)
        {
            int before = pad < 0 ? (-pad + spread - 1) / spread : 0;
            int at = before * spread + pad;
            return (before, 1, at, spread, Math.Min(extent - before, (places - at + spread - 1) / spread));
        }
        int first = pad <= phase ? phase - pad : (stride - (pad - phase) % stride) % stride;
        int place = (first + pad) / stride;
        return (first, stride, place, 1, Math.Min((extent - first + stride - 1) / stride, places - place));
    }

    private static void Spread(int count, ReadOnlySpan<float> from, Span<float> to, int placeStep)
    {
        for (int i = 0; i < count; i++)
            to[i * placeStep] = from[i];
    }

    /// <summary>The place of an output in its run.</summary>
    public int PlaceOf(int y, int x) => Runs == 1 ? y * RowPlaces + x : x;

    private int LineAt(int channel, int rowPhase, int columnPhase, int row) =>
        (((channel * _rowPhases + rowPhase) * _columnPhases + columnPhase) * _rows + row) * Pitch * Lanes;
}
