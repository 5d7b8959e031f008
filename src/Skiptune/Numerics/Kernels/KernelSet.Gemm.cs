namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// destination (rows x columns, <paramref name="stride"/> between rows) += left (rows x depth) * right
    /// (depth x columns). Each element is one chain of fused multiply-adds, depth 0 first, that starts from what
    /// the destination holds: its bits depend on neither rows nor columns.
    /// </summary>
    internal abstract void MultiplyAdd(int rows, int columns, int depth, Matrix left, Matrix right, Span<float> destination, int stride);

    /// <summary>
    /// destination[i, j] (row-major, <paramref name="stride"/> between rows) = the dot product of row i of left and
    /// row j of right, both contiguous along the depth, each a <see cref="Lanes"/>-way reduction.
    /// </summary>
    internal abstract void DotRows(
        int rows, int columns, int depth, ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, Span<float> destination, int stride);

    private protected static void CheckDestination(int rows, int columns, Span<float> destination, int stride)
    {
        if (rows > 0 && columns > 0 && (columns > stride && rows > 1 || (long)(rows - 1) * stride + columns > destination.Length))
            throw new ArgumentException($"a result of {rows}x{columns} does not fit {destination.Length} values");
    }

    /// <summary>Adds up the sixteen partial sums of a reduction: halves onto halves.</summary>
    private protected static float SumLanes(ReadOnlySpan<float> lanes)
    {
        Span<float> sums = stackalloc float[Lanes];
        lanes[..Lanes].CopyTo(sums);
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                sums[i] += sums[i + half];
        }
        return sums[0];
    }
}
