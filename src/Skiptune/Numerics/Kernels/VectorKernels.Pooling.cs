namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
    // Down the columns in vectors, into one line, then across the line.
    internal override void MaxPool(Window window, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        int outputWidth = window.OutputWidth(width);
        Span<float> line = Scratch.Get(Scratch.Purpose.Row, width);
        for (int p = 0; p < output.Length; p++)
        {
            Cells cells = new(window, height, width, p / outputWidth, p % outputWidth);
            if (p % outputWidth == 0)
            {
                line.Fill(float.NegativeInfinity);
                for (int y = cells.Top; y < cells.Bottom; y += window.DilationY)
                    Map<MaxOperator>(default, line, line, input.Slice(y * width, width));
            }
            float largest = float.NegativeInfinity;
            for (int x = cells.Left; x < cells.Right; x += window.DilationX)
                largest = MathF.Max(largest, line[x]);
            output[p] = largest;
        }
    }

    internal override void AveragePool(Window window, bool countPadding, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        int outputWidth = window.OutputWidth(width);
        Span<float> line = Scratch.Get(Scratch.Purpose.Row, width);
        for (int p = 0; p < output.Length; p++)
        {
            Cells cells = new(window, height, width, p / outputWidth, p % outputWidth);
            if (p % outputWidth == 0)
            {
                line.Clear();
                for (int y = cells.Top; y < cells.Bottom; y += window.DilationY)
                    Map<AddOperator>(default, line, line, input.Slice(y * width, width));
            }
            float sum = 0;
            for (int x = cells.Left; x < cells.Right; x += window.DilationX)
                sum += line[x];
            output[p] = sum / (countPadding ? window.Count : cells.Count(window));
        }
    }

    private readonly struct MaxOperator : IOperator
    {
        public static int Sources => 2;

        public V Invoke(V first, V second, V third) => S.Max(first, second);
    }
}
