using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

// A square of as many rows as a vector has lanes is turned by zips: after each, row i and the row half the square below
// have become rows 2i and 2i + 1, and after as many as the width has bits every value is where it belongs.
internal sealed unsafe partial class VectorKernels<V, S>
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
        float* square = stackalloc float[2 * S.Width * S.Width];
        for (int column = 0; column < columns; column += S.Width)
        {
            int width = Math.Min(S.Width, columns - column);
            for (int row = 0; row < rows; row += S.Width)
            {
                int height = Math.Min(S.Width, rows - row);
                float* block = from + row * fromStride + column;
                float* target = to + column * toStride + row;
                if (height == S.Width && width == S.Width)
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
        float* corner = square + S.Width * S.Width;
        for (int row = 0; row < height; row++)
            S.Store(S.LoadPartial(from + row * fromStride, width), ref *corner, (nuint)(row * S.Width));
        Square(corner, S.Width, corner, S.Width, square);
        for (int column = 0; column < width; column++)
            S.StorePartial(S.Load(ref *corner, (nuint)(column * S.Width)), to + column * toStride, height);
    }

    // Source and target may be the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square(float* from, nint fromStride, float* to, nint toStride, float* between)
    {
        int quarter = S.Width / 4;
        if (quarter == 1)
        {
            ZipTwice(from, fromStride, to, toStride);
            return;
        }
        for (int i = 0; i < quarter; i++)
            ZipTwice(from + i * fromStride, quarter * fromStride, between + 4 * i * S.Width, S.Width);
        if (quarter == 4)
        {
            for (int i = 0; i < quarter; i++)
                ZipTwice(between + i * S.Width, 4 * S.Width, to + 4 * i * toStride, toStride);
            return;
        }
        for (int i = 0; i < 4; i++)
        {
            (V first, V second) = S.Zip(S.Load(ref between[i * S.Width], 0), S.Load(ref between[(i + 4) * S.Width], 0));
            S.Store(first, ref to[2 * i * toStride], 0);
            S.Store(second, ref to[(2 * i + 1) * toStride], 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ZipTwice(float* from, nint fromStride, float* to, nint toStride)
    {
        (V a, V b) = S.Zip(S.Load(ref *from, 0), S.Load(ref from[2 * fromStride], 0));
        (V c, V d) = S.Zip(S.Load(ref from[fromStride], 0), S.Load(ref from[3 * fromStride], 0));
        (V first, V second) = S.Zip(a, c);
        (V third, V fourth) = S.Zip(b, d);
        S.Store(first, ref *to, 0);
        S.Store(second, ref to[toStride], 0);
        S.Store(third, ref to[2 * toStride], 0);
        S.Store(fourth, ref to[3 * toStride], 0);
    }
}
