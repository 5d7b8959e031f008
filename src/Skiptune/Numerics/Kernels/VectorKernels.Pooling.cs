namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    internal override void MaxPool(Window window, int height, int width, ReadOnlySpan<float> input, Span<float> output) =>
        Pool<MaxOperator>(window, height, width, float.NegativeInfinity, input, output);

    internal override void AveragePool(Window window, bool countPadding, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        Pool<AddOperator>(window, height, width, 0, input, output);
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < output.Length; p++)
        {
            int cells = Cells.OfRow(window, p / outputWidth, height).Count * Cells.OfColumn(window, p % outputWidth, width).Count;
            output[p] /= countPadding ? window.Count : cells;
        }
    }

    /// <summary>
    /// Folds each window position: down the columns into one line, the line split by the stride into phases, then
    /// across the window. The padding holds the start value, which changes no result.
    /// </summary>
    private static void Pool<TOperator>(Window window, int height, int width, float start, ReadOnlySpan<float> input, Span<float> output)
        where TOperator : struct, IOperator
    {
        int outputWidth = window.OutputWidth(width);
        int padded = (outputWidth + Lanes - 1) / Lanes * Lanes;
        int pitch = Math.Max(padded + (window.Width - 1) * window.DilationX / window.StrideX, (width + window.PadLeft) / window.StrideX) + 1;
        Span<float> line = Scratch.Get(Scratch.Purpose.Row, width);
        Span<float> phases = Scratch.Get(Scratch.Purpose.Planes, window.StrideX * pitch);
        Span<float> result = Scratch.Get(Scratch.Purpose.Output, padded);
        phases.Fill(start);
        for (int oy = 0; oy < window.OutputHeight(height); oy++)
        {
            Cells rows = Cells.OfRow(window, oy, height);
            line.Fill(start);
            for (int y = rows.First; y < rows.End; y += rows.Step)
                Map<TOperator>(default, line, line, input.Slice(y * width, width));
            Split(line, window, phases, pitch);
            result.Fill(start);
            for (int kx = 0; kx < window.Width; kx++)
            {
                int column = kx * window.DilationX;
                Map<TOperator>(default, result, result, phases.Slice(column % window.StrideX * pitch + column / window.StrideX, padded));
            }
            result[..outputWidth].CopyTo(output[(oy * outputWidth)..]);
        }
    }

    private static void Split(ReadOnlySpan<float> line, Window window, Span<float> phases, int pitch)
    {
        if (window.StrideX == 1)
        {
            line.CopyTo(phases[window.PadLeft..]);
            return;
        }
        for (int phase = 0; phase < window.StrideX; phase++)
        {
            int x = (phase - window.PadLeft % window.StrideX + window.StrideX) % window.StrideX;
            Span<float> to = phases[(phase * pitch + (x + window.PadLeft) / window.StrideX)..];
            for (int i = 0; x < line.Length; i++, x += window.StrideX)
                to[i] = line[x];
        }
    }

    private readonly struct MaxOperator : IOperator
    {
        public static int Sources => 2;

        public V Invoke(V first, V second, V third) => S.Max(first, second);
    }
}
