using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// A square of as many rows as a vector has lanes is turned by zips: after each, row i and the row half the square below
// have become rows 2i and 2i + 1, and after as many as the width has bits every value is where it belongs.
internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>destination[column, row] = source[row, column].</summary>
    private static void Transpose(int rows, int columns, Matrix source, Span<float> destination, int stride)
    {
        source.Check(rows, columns);
        CheckDestination(columns, rows, destination, stride);
        if (source.ColumnStride != 1 && source.RowStride == 1)
        {
            Rows.Copy(columns, rows, source.Values, source.ColumnStride, destination, stride);
            return;
        }
        fixed (float* from = source.Values, to = destination)
        {
            if (source.ColumnStride == 1)
                Turn(rows, columns, from, source.RowStride, to, stride);
            else
                CopyEach(rows, columns, from, source.RowStride, source.ColumnStride, to, stride);
        }
    }

    internal override void Transpose(int rows, int columns, ReadOnlySpan<float> source, Span<float> destination) =>
        Transpose(rows, columns, new Matrix(source, columns), destination, rows);

    // From rows of values side by side.
    [SkipLocalsInit]
    private static void Turn(int rows, int columns, float* from, nint fromStride, float* to, nint toStride)
    {
        float* square = stackalloc float[2 * V.Width * V.Width];
        for (int column = 0; column < columns; column += V.Width)
        {
            int width = Math.Min(V.Width, columns - column);
            for (int row = 0; row < rows; row += V.Width)
            {
                int height = Math.Min(V.Width, rows - row);
                float* block = from + row * fromStride + column;
                float* target = to + column * toStride + row;
                if (height == V.Width && width == V.Width)
                    Square(block, fromStride, target, toStride, square);
                else
                    Corner(height, width, block, fromStride, target, toStride, square);
            }
        }
    }

    private static void CopyEach(int height, int width, float* from, nint rowStride, nint columnStride, float* to, nint stride)
    {
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
                to[column * stride + row] = from[row * rowStride + column * columnStride];
        }
    }

    // What is less than a square is turned in one.
    private static void Corner(int height, int width, float* from, nint fromStride, float* to, nint toStride, float* square)
    {
        float* corner = square + V.Width * V.Width;
        for (int row = 0; row < height; row++)
            V.Store(V.LoadPartial(from + row * fromStride, width), ref *corner, (nuint)(row * V.Width));
        Square(corner, V.Width, corner, V.Width, square);
        for (int column = 0; column < width; column++)
            V.StorePartial(V.Load(ref *corner, (nuint)(column * V.Width)), to + column * toStride, height);
    }

    // Source and target may be the same.
    [MethodImpl(KernelCode.Optimized)]
    private static void Square(float* from, nint fromStride, float* to, nint toStride, float* between)
    {
        int quarter = V.Width / 4;
        if (quarter == 1)
        {
            ZipTwice(from, fromStride, to, toStride);
            return;
        }
        for (int i = 0; i < quarter; i++)
            ZipTwice(from + i * fromStride, quarter * fromStride, between + 4 * i * V.Width, V.Width);
        if (quarter == 4)
        {
            for (int i = 0; i < quarter; i++)
                ZipTwice(between + i * V.Width, 4 * V.Width, to + 4 * i * toStride, toStride);
            return;
        }
        for (int i = 0; i < 4; i++)
        {
            (V first, V second) = V.Zip(V.Load(ref between[i * V.Width], 0), V.Load(ref between[(i + 4) * V.Width], 0));
            V.Store(first, ref to[2 * i * toStride], 0);
            V.Store(second, ref to[(2 * i + 1) * toStride], 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ZipTwice(float* from, nint fromStride, float* to, nint toStride)
    {
        (V a, V b) = V.Zip(V.Load(ref *from, 0), V.Load(ref from[2 * fromStride], 0));
        (V c, V d) = V.Zip(V.Load(ref from[fromStride], 0), V.Load(ref from[3 * fromStride], 0));
        (V first, V second) = V.Zip(a, c);
        (V third, V fourth) = V.Zip(b, d);
        V.Store(first, ref *to, 0);
        V.Store(second, ref to[toStride], 0);
        V.Store(third, ref to[2 * toStride], 0);
        V.Store(fourth, ref to[3 * toStride], 0);
    }
}
