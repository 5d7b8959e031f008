namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>The largest value of each window position over one plane; padding does not take part.</summary>
    internal abstract void MaxPool(Window window, int height, int width, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>
    /// The mean of each window position over one plane: down each column of the window first, then across the
    /// columns, divided by the cells inside the plane, or by all cells if <paramref name="countPadding"/>.
    /// </summary>
    internal abstract void AveragePool(Window window, bool countPadding, int height, int width, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>inputGradient += each output's gradient, at the first cell (in row order) that holds the output's value.</summary>
    internal static void MaxPoolBackward(
        Window window, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < output.Length; p++)
        {
            if (outputGradient[p] == 0)
                continue;
            Cells cells = new(window, height, width, p / outputWidth, p % outputWidth);
            for (int y = cells.Top; y < cells.Bottom; y += window.DilationY)
            {
                for (int x = cells.Left; x < cells.Right; x += window.DilationX)
                {
                    if (input[y * width + x] != output[p])
                        continue;
                    inputGradient[y * width + x] += outputGradient[p];
                    goto next;
                }
            }
        next:;
        }
    }

    /// <summary>inputGradient += each output's gradient, spread evenly over its cells.</summary>
    internal static void AveragePoolBackward(
        Window window, bool countPadding, int height, int width, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < outputGradient.Length; p++)
        {
            Cells cells = new(window, height, width, p / outputWidth, p % outputWidth);
            float share = outputGradient[p] / (countPadding ? window.Count : cells.Count(window));
            for (int y = cells.Top; y < cells.Bottom; y += window.DilationY)
            {
                for (int x = cells.Left; x < cells.Right; x += window.DilationX)
                    inputGradient[y * width + x] += share;
            }
        }
    }

    /// <summary>The cells of one window position that lie inside the plane: from the first row and column up to (not with) the last.</summary>
    internal readonly ref struct Cells
    {
        public Cells(Window window, int height, int width, int outputY, int outputX)
        {
            (Top, Bottom) = Inside(outputY * window.StrideY - window.PadTop, window.Height, window.DilationY, height);
            (Left, Right) = Inside(outputX * window.StrideX - window.PadLeft, window.Width, window.DilationX, width);
        }

        public int Top { get; }

        public int Bottom { get; }

        public int Left { get; }

        public int Right { get; }

        public int Count(Window window) =>
            (Math.Max(0, Bottom - Top) + window.DilationY - 1) / window.DilationY * ((Math.Max(0, Right - Left) + window.DilationX - 1) / window.DilationX);

        private static (int From, int To) Inside(int start, int size, int dilation, int extent)
        {
            int from = start >= 0 ? start : start + (-start + dilation - 1) / dilation * dilation;
            return (from, Math.Min(extent, start + (size - 1) * dilation + 1));
        }
    }
}
