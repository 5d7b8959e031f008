using Skiptune.Numerics;

namespace Skiptune.Tests.Numerics;

/// <summary>Each kernel that works on a length, as a call on inputs of that length.</summary>
internal static class KernelCases
{
    private static readonly AdamStep Step = new(0.9f, 0.999f, 1e-8f, 0.01f, 1.25f, 0.999f, 0.01f);

    public static readonly (string Name, Action<KernelSet, Buffers, int> Call)[] ByLength =
    [
        ("Relu", (k, b, n) => k.Relu(b.Floats(n), b.Floats(n))),
        ("ReluBackward", (k, b, n) => k.ReluBackward(b.Floats(n), b.Floats(n), b.Floats(n), accumulate: false)),
        ("ReluBackward, accumulating", (k, b, n) => k.ReluBackward(b.Floats(n), b.Floats(n), b.Floats(n), accumulate: true)),
        ("Add", (k, b, n) => k.Add(b.Floats(n), b.Floats(n), b.Floats(n))),
        ("Add in place", AddInPlace),
        ("Scale", (k, b, n) => k.Scale(b.Floats(n), 0.3f, b.Floats(n))),
        ("AddScaled", (k, b, n) => k.AddScaled(b.Floats(n), 0.3f, b.Floats(n))),
        ("MultiplyAdd by element", (k, b, n) => k.MultiplyAdd(b.Floats(n), b.Floats(n), b.Floats(n), b.Floats(n))),
        ("MultiplyAdd by one factor", (k, b, n) => k.MultiplyAdd(b.Floats(n), 0.3f, -1.7f, b.Floats(n))),
        ("Sum", (k, b, n) => b.Note(k.Sum(b.Floats(n)))),
        ("AreFinite", (k, b, n) => b.Note(k.AreFinite(b.Floats(n)) ? 1 : 0)),
        ("Softmax", (k, b, n) => Note(b, k.Softmax(b.Floats(n), b.Floats(n)))),
        ("Softmax in place", SoftmaxInPlace),
        ("Softmax of that many rows", (k, b, n) => k.SoftmaxRows(n, b.Floats(10 * n), b.Floats(10 * n), b.Floats(n), b.Floats(n))),
        ("Softmax of rows that long", (k, b, n) => k.SoftmaxRows(19, b.Floats(19 * n), b.Floats(19 * n), b.Floats(19), b.Floats(19))),
        ("UpdateSgd", (k, b, n) => k.UpdateSgd(b.Floats(n), b.Floats(n), 0.05f, 0.01f)),
        ("UpdateSgd without decay", (k, b, n) => k.UpdateSgd(b.Floats(n), b.Floats(n), 0.05f, 0)),
        ("UpdateMomentum", (k, b, n) => k.UpdateMomentum(b.Floats(n), b.Floats(n), b.Floats(n), 0.05f, 0.9f, 0.01f)),
        ("UpdateAdam", (k, b, n) => k.UpdateAdam(b.Floats(n), b.Floats(n), b.Floats(n), b.Positive(n), Step)),
        ("DotRows 1x1", (k, b, n) => k.DotRows(1, 1, n, b.Floats(n), n, b.Floats(n), n, b.Floats(1), 1)),
        // Strides beyond the depth, a last row that ends with the memory, tiles that are not whole.
        ("DotRows 5x6", (k, b, n) => k.DotRows(5, 6, n, b.Floats(4 * (n + 1) + n), n + 1, b.Floats(5 * (n + 3) + n), n + 3, b.Floats(4 * 9 + 6), 9)),
        ("DotRows, that many columns", (k, b, n) => k.DotRows(3, n, 5, b.Floats(15), 5, b.Floats(5 * n), 5, b.Floats(3 * n), n)),
        ("Product, that deep", (k, b, n) => k.MultiplyAdd(7, 19, n, new Matrix(b.Floats(7 * n), n), new Matrix(b.Floats(n * 19), 19), b.Floats(7 * 19), 19)),
        ("Small product, that deep", (k, b, n) => k.MultiplySmall(7, 19, n, new Matrix(b.Floats(7 * n), 1, 7), b.Floats(n * 21), 21, b.Floats(7 * 20), b.Floats(7 * 20), 20)),
        ("Transpose, that wide", (k, b, n) => k.Transpose(7, n, b.Floats(7 * n), b.Floats(7 * n))),
        ("Transpose, that high", (k, b, n) => k.Transpose(n, 19, b.Floats(19 * n), b.Floats(19 * n))),
        ("Small product, that wide", (k, b, n) => k.MultiplySmall(7, n, 3, new Matrix(b.Floats(21), 3), b.Floats(3 * n), n, default, b.Floats(7 * n), n)),
        ("Small product, that high", (k, b, n) => k.MultiplySmall(n, 33, 3, new Matrix(b.Floats(3 * n), 3), b.Floats(99), 33, b.Floats(33 * n), b.Floats(33 * n), 33)),
        ("Product, that wide", (k, b, n) => k.MultiplyAdd(7, n, 3, new Matrix(b.Floats(21), 3), new Matrix(b.Floats(3 * n), n), b.Floats(7 * n), n)),
        ("Product, that high", (k, b, n) => k.MultiplyAdd(n, 33, 3, new Matrix(b.Floats(3 * n), 3), new Matrix(b.Floats(99), 33), b.Floats(33 * n), 33)),
        .. FunctionCases.ByLength,
    ];

    /// <summary>Block kernels, for lengths of 1 .. 64.</summary>
    public static void QuantizeAndDequantize(KernelSet kernels, Buffers buffers, BlockFormat format, int length, float limit)
    {
        Span<float> values = format.Signed ? buffers.Floats(length) : buffers.Positive(length);
        foreach (ref float value in values)
            value *= limit / 2;
        Span<byte> packed = buffers.Bytes(format.PackedBytes(length));
        Half scale = Blocks.Quantize(kernels, format, values, packed);
        buffers.Note((float)scale);
        kernels.DequantizeBlock(format, packed, scale, buffers.Floats(length));
    }

    private static void AddInPlace(KernelSet kernels, Buffers buffers, int length)
    {
        Span<float> values = buffers.Floats(length);
        kernels.Add(values, buffers.Floats(length), values);
    }

    private static void SoftmaxInPlace(KernelSet kernels, Buffers buffers, int length)
    {
        Span<float> values = buffers.Floats(length);
        kernels.Scale(values, 40, values);
        Note(buffers, kernels.Softmax(values, values));
    }

    private static void Note(Buffers buffers, (float Maximum, float Sum) result)
    {
        buffers.Note(result.Maximum);
        buffers.Note(result.Sum);
    }
}
