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
    internal virtual void MaxPoolBackward(
        Window window, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        (int outputHeight, int outputWidth) = (window.OutputHeight(height), window.OutputWidth(width));
        for (int oy = 0; oy < outputHeight; oy++)
        {
            Cells rows = Cells.OfRow(window, oy, height);
            for (int ox = 0; ox < outputWidth; ox++)
            {
                int p = oy * outputWidth + ox;
                if (Find(input, width, rows, Cells.OfColumn(window, ox, width), output[p]) is int at and >= 0)
                    inputGradient[at] += outputGradient[p];
            }
        }

        static int Find(ReadOnlySpan<float> input, int width, Cells rows, Cells columns, float value)
        {
            for (int y = rows.First; y < rows.End; y += rows.Step)
            {
                for (int x = columns.First; x < columns.End; x += columns.Step)
                {
                    if (input[y * width + x] == value)
                        return y * width + x;
                }
            }
            return -1;
        }
    }

    /// <summary>inputGradient += each output's gradient, spread evenly over its cells.</summary>
    internal static void AveragePoolBackward(
        Window window, bool countPadding, int height, int width, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        (int outputHeight, int outputWidth) = (window.OutputHeight(height), window.OutputWidth(width));
        for (int oy = 0; oy < outputHeight; oy++)
        {
            Cells rows = Cells.OfRow(window, oy, height);
            for (int ox = 0; ox < outputWidth; ox++)
            {
                Cells columns = Cells.OfColumn(window, ox, width);
                float share = outputGradient[oy * outputWidth + ox] / (countPadding ? window.Count : rows.Count * columns.Count);
                for (int y = rows.First; y < rows.End; y += rows.Step)
                {
                    for (int x = columns.First; x < columns.End; x += columns.Step)
                        inputGradient[y * width + x] += share;
                }
            }
        }
    }

    /// <summary>The rows (or columns) of one window position that lie inside the plane.</summary>
    /// <param name="First">The first.</param>
    /// <param name="End">One past the last.</param>
    /// <param name="Step">From one to the next.</param>
    internal readonly record struct Cells(int First, int End, int Step)
    {
        public int Count => First < End ? (End - First + Step - 1) / Step : 0;

        public static Cells OfRow(Window window, int outputY, int height) =>
            Inside(outputY * window.StrideY - window.PadTop, window.Height, window.DilationY, height);

        public static Cells OfColumn(Window window, int outputX, int width) =>
            Inside(outputX * window.StrideX - window.PadLeft, window.Width, window.DilationX, width);

        private static Cells Inside(int start, int size, int dilation, int extent)
        {
            int end = Math.Min(extent, start + (size - 1) * dilation + 1);
            return new Cells(start >= 0 ? start : start + (-start + dilation - 1) / dilation * dilation, end, dilation);
        }
    }
}
