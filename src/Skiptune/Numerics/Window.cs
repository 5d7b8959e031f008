namespace Skiptune.Numerics;

/// <summary>A window that slides over the last two axes: of a convolution or of a pooling.</summary>
/// <param name="Height">Rows of the window.</param>
/// <param name="Width">Columns of the window.</param>
public readonly record struct Window(int Height, int Width)
{
    /// <summary>Rows from one position to the next; default 1.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Columns from one position to the next; default 1.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows from one row of the window to the next; default 1.</summary>
    public int DilationY { get; init; } = 1;

    /// <summary>Columns from one column of the window to the next; default 1.</summary>
    public int DilationX { get; init; } = 1;

    /// <summary>Rows of padding above; default 0.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of padding on the left; default 0.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of padding below; default 0.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of padding on the right; default 0.</summary>
    public int PadRight { get; init; }

    /// <summary>The cells of the window.</summary>
    public int Count => Height * Width;

    /// <summary>A square window.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <param name="stride">The step in both directions.</param>
    /// <param name="pad">The padding on all four sides.</param>
    public static Window Square(int size, int stride = 1, int pad = 0) => new(size, size)
    {
        StrideY = stride,
        StrideX = stride,
        PadTop = pad,
        PadLeft = pad,
        PadBottom = pad,
        PadRight = pad,
    };

    /// <summary>The rows of positions over an input of that height; 0 or less if the window does not fit.</summary>
    public int OutputHeight(int inputHeight) =>
        Positions((long)inputHeight + PadTop + PadBottom - DilationY * (Height - 1L) - 1, StrideY);

    /// <summary>The columns of positions over an input of that width; 0 or less if the window does not fit.</summary>
    public int OutputWidth(int inputWidth) =>
        Positions((long)inputWidth + PadLeft + PadRight - DilationX * (Width - 1L) - 1, StrideX);

    /// <summary>Throws unless the window's numbers are in range.</summary>
    /// <exception cref="SkiptuneException">A size, stride or dilation is below 1 or a padding is negative.</exception>
    public void Check()
    {
        if (Math.Min(Math.Min(Height, Width), Math.Min(StrideY, StrideX)) < 1 || Math.Min(DilationY, DilationX) < 1)
            throw new SkiptuneException($"a window of {Height}x{Width} with stride {StrideY}x{StrideX} and dilation {DilationY}x{DilationX} is not possible");
        if (Math.Min(Math.Min(PadTop, PadLeft), Math.Min(PadBottom, PadRight)) < 0)
            throw new SkiptuneException("a negative padding is not supported");
    }

    // Negative where the window does not fit; never beyond what an extent can be.
    private static int Positions(long room, int stride) => (int)Math.Clamp(Math.Floor((double)room / stride) + 1, -1, int.MaxValue);
}
