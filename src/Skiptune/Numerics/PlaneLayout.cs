namespace Skiptune.Numerics;

/// <summary>
/// The input planes of one group with their padding, rows and columns split by the stride into phases, so that the
/// cells a weight meets lie as the outputs do, one after the other along a row and rows a <see cref="Pitch"/> apart,
/// whatever the stride: channels x row phases x column phases x rows x pitch. An output's place is y * pitch + x; the
/// few places between the end of a row and the start of the next belong to no output.
/// </summary>
internal sealed class PlaneLayout
{
    private readonly ConvolutionGeometry _geometry;
    private readonly int _rowPhases;
    private readonly int _columnPhases;
    private readonly int _rows;

    public PlaneLayout(ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        Window window = geometry.Window;
        (long rows, long pitch, long rowPhases, long columnPhases) = Extents(geometry);
        _rows = checked((int)rows);
        _rowPhases = checked((int)rowPhases);
        _columnPhases = checked((int)columnPhases);
        Pitch = checked((int)pitch);
        Count = checked((int)FloatsOf(geometry));
        Places = (geometry.OutputHeight - 1) * Pitch + geometry.OutputWidth;
        IsInput = Pitch == geometry.InputWidth && _rows == geometry.InputHeight && _rowPhases * _columnPhases == 1
            && geometry is { SpreadX: 1, SpreadY: 1, Window: { StrideX: 1, StrideY: 1, PadLeft: 0, PadTop: 0 } };
        Offsets = new int[geometry.Depth];
        for (int k = 0; k < Offsets.Length; k++)
        {
            int cell = k % window.Count;
            int y = cell / window.Width * window.DilationY;
            int x = cell % window.Width * window.DilationX;
            Offsets[k] = LineAt(k / window.Count, y % window.StrideY, x % window.StrideX, y / window.StrideY) + x / window.StrideX;
        }
    }

    /// <summary>Floats of all planes.</summary>
    public int Count { get; }

    /// <summary>From one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>The places from the first output to the last.</summary>
    public int Places { get; }

    /// <summary>Where the cell of each weight lies for the first output.</summary>
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
                (int phase, int inPhase) = (row % g.Window.StrideY, row / g.Window.StrideY);
                if (row >= 0 && phase < _rowPhases && inPhase < _rows)
                    FillRow(plane.Slice(y * g.InputWidth, g.InputWidth), planes[LineAt(channel, phase, 0, inPhase)..]);
            }
        }
    }

    private void FillRow(ReadOnlySpan<float> from, Span<float> lines)
    {
        (int stride, int spread, int pad) = (_geometry.Window.StrideX, _geometry.SpreadX, _geometry.Window.PadLeft);
        if (spread > 1)
        {
            for (int x = 0; x < from.Length; x++)
            {
                if (x * spread + pad is int column && (uint)column < (uint)Pitch)
                    lines[column] = from[x];
            }
            return;
        }
        for (int phase = 0; phase < _columnPhases; phase++)
        {
            // The first column of the input in this phase, and its place.
            int first = pad <= phase ? phase - pad : (stride - (pad - phase) % stride) % stride;
            int place = (first + pad) / stride;
            Span<float> line = lines.Slice(phase * _rows * Pitch, Pitch);
            int count = Math.Min((from.Length - first + stride - 1) / stride, Pitch - place);
            if (count <= 0)
                continue;
            if (stride == 1)
                Rows.Copy(from.Slice(first, count), line[place..]);
            else
                Take(from[first..], stride, line.Slice(place, count));
        }
    }

    private static void Take(ReadOnlySpan<float> from, int step, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i * step];
    }

    private int LineAt(int channel, int rowPhase, int columnPhase, int row) =>
        (((channel * _rowPhases + rowPhase) * _columnPhases + columnPhase) * _rows + row) * Pitch;
}
