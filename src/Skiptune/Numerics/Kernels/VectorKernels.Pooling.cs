using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V>
{
    // A load that starts c values before the middle has c ones in front.
    private static readonly float[] s_first = [.. Enumerable.Repeat(1f, Lanes), .. new float[Lanes]];

    internal override void MaxPool(Window window, int height, int width, ReadOnlySpan<float> input, Span<float> output) =>
        MaxPool(1, window, height, width, width, Epilogue.None, input, output);

    internal override void AveragePool(Window window, bool countPadding, int height, int width, ReadOnlySpan<float> input, Span<float> output)
    {
        PoolWindows<AddOperator>(window, height, width, width, 0, input, output);
        int outputWidth = window.OutputWidth(width);
        for (int p = 0; p < output.Length; p++)
        {
            int cells = Cells.OfRow(window, p / outputWidth, height).Count * Cells.OfColumn(window, p % outputWidth, width).Count;
            output[p] /= countPadding ? window.Count : cells;
        }
    }

    // Of planes one after the other, whose rows are a pitch apart; the results are limited.
    private static void MaxPool(int planes, Window window, int height, int width, int pitch, Epilogue limits, ReadOnlySpan<float> input, Span<float> output)
    {
        int cells = (height - 1) * pitch + width;
        if (window == Window.Square(2, stride: 2))
        {
            MaxPoolPairs(planes, cells, height / 2, width / 2, pitch, limits, input, output);
            return;
        }
        int pixels = output.Length / planes;
        for (int plane = 0; plane < planes; plane++)
            PoolWindows<MaxOperator>(window, height, width, pitch, float.NegativeInfinity, input.Slice(plane * cells, cells), output.Slice(plane * pixels, pixels));
        if (limits.Clamps)
            Map(new LimitOperator(limits.Low, limits.High), output, output);
    }

    // Two by two. A row's last vector may reach into the next row, on both sides: what it writes there is written again.
    private static void MaxPoolPairs(int planes, int cells, int height, int width, int pitch, Epilogue limits, ReadOnlySpan<float> input, Span<float> output)
    {
        ref float from = ref Start(input);
        ref float to = ref Start(output);
        V low = V.Broadcast(limits.Low);
        V high = V.Broadcast(limits.High);
        int lastSource = input.Length - pitch - 2 * V.Width;
        int lastTarget = planes * height * width - V.Width;
        for (int row = 0; row < planes * height; row++)
        {
            int start = row / height * cells + 2 * (row % height) * pitch;
            for (int x = 0; x < width; x += V.Width)
            {
                int source = start + 2 * x;
                int target = row * width + x;
                if (source > lastSource || target > lastTarget)
                {
                    MaxPoolLastPairs(Math.Min(V.Width, width - x), pitch, limits, input[source..], output[target..]);
                    continue;
                }
                V largest = MaxPairs(ref Unsafe.Add(ref from, source), ref Unsafe.Add(ref from, source + pitch));
                V.Store(V.Lower(V.Raise(largest, low), high), ref to, (nuint)target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V MaxPairs(ref float upper, ref float lower)
    {
        (V even, V odd) = V.Unzip(
            V.Max(V.Load(ref upper, 0), V.Load(ref lower, 0)),
            V.Max(V.Load(ref upper, (nuint)V.Width), V.Load(ref lower, (nuint)V.Width)));
        return V.Max(even, odd);
    }

    private static void MaxPoolLastPairs(int count, int pitch, Epilogue limits, ReadOnlySpan<float> input, Span<float> output)
    {
        Span<float> cells = stackalloc float[4 * Lanes];
        cells.Clear();
        input[..(2 * count)].CopyTo(cells);
        input.Slice(pitch, 2 * count).CopyTo(cells[(2 * Lanes)..]);
        V largest = MaxPairs(ref cells[0], ref cells[2 * Lanes]);
        StorePartial(V.Lower(V.Raise(largest, V.Broadcast(limits.Low)), V.Broadcast(limits.High)), ref Start(output[..count]), 0, count);
    }

    // Two by two: each of the four cells takes the gradient if it is the first that holds the largest value.
    internal override void MaxPoolBackward(
        Window window, int height, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        if (window != Window.Square(2, stride: 2))
        {
            base.MaxPoolBackward(window, height, width, input, output, outputGradient, inputGradient);
            return;
        }
        (int rows, int columns) = (height / 2, width / 2);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x += V.Width)
            {
                int source = 2 * (y * width + x);
                int target = y * columns + x;
                int count = Math.Min(V.Width, columns - x);
                if (source + width + 2 * V.Width > height * width || target + V.Width > rows * columns)
                    GiveLastPairs(count, width, input[source..], output.Slice(target, count), outputGradient[target..], inputGradient[source..]);
                else
                    GivePairs(count, width, ref Unsafe.Add(ref Start(input), source), ref Unsafe.Add(ref Start(output), target), ref Unsafe.Add(ref Start(outputGradient), target), ref Unsafe.Add(ref Start(inputGradient), source));
            }
        }
    }

    // The lanes behind the row's end get NaN for their largest value, which no cell equals.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GivePairs(int count, int width, ref float cells, ref float output, ref float gradient, ref float to)
    {
        V largest = V.Select(V.Load(ref s_first[0], (nuint)(Lanes - count)), V.Load(ref output, 0), V.Broadcast(float.NaN));
        V slope = V.Load(ref gradient, 0);
        GiveRow(width: 0, ref largest, slope, ref cells, ref to);
        GiveRow(width, ref largest, slope, ref cells, ref to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GiveRow(int width, ref V largest, V slope, ref float cells, ref float to)
    {
        (nuint at, nuint next) = ((nuint)width, (nuint)(width + V.Width));
        (V left, V right) = V.Unzip(V.Load(ref cells, at), V.Load(ref cells, next));
        (V toLeft, V toRight) = V.Unzip(V.Load(ref to, at), V.Load(ref to, next));
        V nothing = V.Broadcast(float.NaN);
        toLeft = V.SelectEqual(left, largest, V.Add(toLeft, slope), toLeft);
        largest = V.SelectEqual(left, largest, nothing, largest);
        toRight = V.SelectEqual(right, largest, V.Add(toRight, slope), toRight);
        largest = V.SelectEqual(right, largest, nothing, largest);
        (V first, V second) = V.Zip(toLeft, toRight);
        V.Store(first, ref to, at);
        V.Store(second, ref to, next);
    }

    private static void GiveLastPairs(int count, int width, ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<float> gradient, Span<float> to)
    {
        for (int i = 0; i < count; i++)
        {
            int at = 2 * i;
            float largest = output[i];
            if (input[at] != largest)
                at = input[at + 1] == largest ? at + 1 : input[at + width] == largest ? at + width : input[at + width + 1] == largest ? at + width + 1 : -1;
            if (at >= 0)
                to[at] += gradient[i];
        }
    }

    /// <summary>
    /// Folds each window position: down the columns into one line, the line split by the stride into phases, then
    /// across the window. The padding holds the start value, which changes no result.
    /// </summary>
    private static void PoolWindows<TOperator>(Window window, int height, int width, int pitch, float start, ReadOnlySpan<float> input, Span<float> output)
        where TOperator : struct, IOperator
    {
        int outputWidth = window.OutputWidth(width);
        int padded = (outputWidth + Lanes - 1) / Lanes * Lanes;
        int phasePitch = Math.Max(padded + (window.Width - 1) * window.DilationX / window.StrideX, (width + window.PadLeft) / window.StrideX) + 1;
        Span<float> line = Scratch.Get(Scratch.Purpose.Row, width);
        Span<float> phases = Scratch.Get(Scratch.Purpose.Planes, window.StrideX * phasePitch);
        Span<float> result = Scratch.Get(Scratch.Purpose.Gradient, padded);
        phases.Fill(start);
        for (int oy = 0; oy < window.OutputHeight(height); oy++)
        {
            Cells rows = Cells.OfRow(window, oy, height);
            line.Fill(start);
            for (int y = rows.First; y < rows.End; y += rows.Step)
                Map<TOperator>(default, line, line, input.Slice(y * pitch, width));
            Split(line, window, phases, phasePitch);
            result.Fill(start);
            for (int kx = 0; kx < window.Width; kx++)
            {
                int column = kx * window.DilationX;
                Map<TOperator>(default, result, result, phases.Slice(column % window.StrideX * phasePitch + column / window.StrideX, padded));
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

        public V Invoke(V first, V second, V third) => V.Max(first, second);
    }

    private readonly struct LimitOperator(float low, float high) : IOperator
    {
        private readonly float _low = low;
        private readonly float _high = high;

        public static int Sources => 1;

        public V Invoke(V first, V second, V third) => V.Lower(V.Raise(first, V.Broadcast(_low)), V.Broadcast(_high));
    }
}
