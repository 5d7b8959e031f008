using System.Runtime.InteropServices;
using Skiptune.Numerics;

namespace Skiptune.Language.Weights;

/// <summary>A weight, out x in, in the format of the file it lies in; rows are decoded as they are used.</summary>
public sealed unsafe class WeightMatrix
{
    // Output rows decoded at once: some vectors of columns of a product.
    private const int Strip = 64;

    // Below this many input rows a product is dot products over the weight's rows, as they lie.
    private const int FewRows = 16;

    private const int DotStrip = 4;

    // What keeps the memory: a mapped file, or an array that does not move.
    private readonly object _owner;
    private readonly byte* _start;

    /// <summary>Makes a weight over memory that an owner keeps.</summary>
    /// <param name="format">How the values are held.</param>
    /// <param name="rows">Outputs, at least 1.</param>
    /// <param name="columns">Inputs, at least 1, whole blocks.</param>
    /// <param name="owner">Keeps the memory for as long as it is referenced.</param>
    /// <param name="start">The first byte.</param>
    internal WeightMatrix(WeightFormat format, int rows, int columns, object owner, byte* start)
    {
        (Format, Rows, Columns, _owner) = (format, rows, columns, owner);
        _start = start;
    }

    /// <summary>How the values are held.</summary>
    public WeightFormat Format { get; }

    /// <summary>Outputs.</summary>
    public int Rows { get; }

    /// <summary>Inputs.</summary>
    public int Columns { get; }

    /// <summary>The bytes of all values.</summary>
    public long Bytes => Rows * RowBytes;

    private long RowBytes => Format.Bytes(Columns);

    /// <summary>A weight of float32 values in memory of its own.</summary>
    /// <param name="rows">Outputs.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="values">rows x columns values; copied.</param>
    public static WeightMatrix Of(int rows, int columns, ReadOnlySpan<float> values)
    {
        Tensor copy = new(new Shape(rows, columns), values);
        return new WeightMatrix(WeightFormat.F32, rows, columns, copy, (byte*)copy.Address);
    }

    /// <summary>The values of some rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="values">Becomes the values of as many rows as it holds.</param>
    public void Decode(int first, Span<float> values)
    {
        WeightDecoder.Decode(Format, new ReadOnlySpan<byte>(_start + first * RowBytes, checked((int)Format.Bytes(values.Length))), values);
        GC.KeepAlive(_owner);
    }

    /// <summary>All values in float32, rows x columns.</summary>
    public Tensor ToTensor()
    {
        Tensor tensor = new(new Shape(Rows, Columns));
        for (int row = 0; row < Rows; row++)
            Decode(row, tensor.Span.Slice(row * Columns, Columns));
        return tensor;
    }

    /// <summary>The outputs <paramref name="from"/> .. <paramref name="to"/> - 1 of y = x W^T.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="count">The rows of x and y.</param>
    /// <param name="x">count x <see cref="Columns"/>.</param>
    /// <param name="y">count x <see cref="Rows"/>; only those outputs are written.</param>
    /// <param name="from">The first output.</param>
    /// <param name="to">One past the last.</param>
    internal void Multiply(KernelSet kernels, int count, ReadOnlySpan<float> x, Span<float> y, int from, int to)
    {
        if (count == 1 && Format.BlockValues() > 1)
        {
            WeightDot.Run(kernels, Format, _start + from * RowBytes, x[..Columns], y[from..to]);
            GC.KeepAlive(_owner);
            return;
        }
        int strip = count < FewRows ? DotStrip : Strip;
        Span<float> panel = count < FewRows ? default : Scratch.Get(Scratch.Purpose.Planes, Columns * Strip);
        for (int first = from; first < to; first += strip)
        {
            int outputs = Math.Min(strip, to - first);
            ReadOnlySpan<float> weight = Values(first, outputs);
            if (count < FewRows)
            {
                kernels.DotRows(count, outputs, Columns, x, Columns, weight, Columns, y[first..], Rows);
                continue;
            }
            Turn(weight, outputs, panel);
            for (int row = 0; row < count; row++)
                y.Slice(row * Rows + first, outputs).Clear();
            kernels.MultiplyAdd(count, outputs, Columns, new Matrix(x, Columns), new Matrix(panel, outputs), y[first..], Rows);
        }
    }

    /// <summary>dx (count x <see cref="Columns"/>) += dy (count x <see cref="Rows"/>) W.</summary>
    internal void MultiplyBack(KernelSet kernels, int count, ReadOnlySpan<float> dy, Span<float> dx)
    {
        for (int first = 0; first < Rows; first += Strip)
        {
            int outputs = Math.Min(Strip, Rows - first);
            kernels.MultiplyAdd(count, Columns, outputs, new Matrix(dy[first..], Rows), new Matrix(Values(first, outputs), Columns), dx, Columns);
        }
    }

    // Where they lie if they are float32, else decoded.
    private ReadOnlySpan<float> Values(int first, int rows)
    {
        if (Format == WeightFormat.F32)
            return new ReadOnlySpan<float>(_start + first * RowBytes, rows * Columns);
        Span<float> values = Scratch.Get(Scratch.Purpose.Slopes, rows * Columns);
        Decode(first, values);
        return values;
    }

    private void Turn(ReadOnlySpan<float> weight, int outputs, Span<float> panel)
    {
        const int Block = 16;
        ref float from = ref MemoryMarshal.GetReference(weight);
        for (int column = 0; column < Columns; column += Block)
        {
            int end = Math.Min(Columns, column + Block);
            for (int output = 0; output < outputs; output++)
            {
                for (int i = column; i < end; i++)
                    panel[i * outputs + output] = System.Runtime.CompilerServices.Unsafe.Add(ref from, output * Columns + i);
            }
        }
    }
}
