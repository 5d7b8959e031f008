namespace Skiptune.Numerics;

/// <summary>A matrix to be read, over memory with any two strides (so that a transpose is another view).</summary>
/// <param name="values">The memory, from the element (0, 0).</param>
/// <param name="rowStride">Elements from one row to the next.</param>
/// <param name="columnStride">Elements from one column to the next.</param>
internal readonly ref struct Matrix(ReadOnlySpan<float> values, int rowStride, int columnStride = 1)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int RowStride { get; } = rowStride;

    public int ColumnStride { get; } = columnStride;

    public Matrix Transposed => new(Values, ColumnStride, RowStride);

    public float this[int row, int column] => Values[row * RowStride + column * ColumnStride];

    /// <summary>Throws unless a matrix of these extents lies inside the memory.</summary>
    public void Check(int rows, int columns)
    {
        if (rows > 0 && columns > 0 && (long)(rows - 1) * RowStride + (long)(columns - 1) * ColumnStride >= Values.Length)
            throw new ArgumentException($"a matrix of {rows}x{columns} does not fit {Values.Length} values");
    }
}
