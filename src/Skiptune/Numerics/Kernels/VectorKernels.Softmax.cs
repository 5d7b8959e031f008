using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V>
{
    /// <summary>Rows of more columns than that are long enough to run along the vectors.</summary>
    private const int MostColumnsAcross = 4 * Lanes;

    internal override (float Maximum, float Sum) Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        CheckLengths(logits.Length, probabilities.Length);
        int padded = (logits.Length + Lanes - 1) / Lanes * Lanes;
        Span<float> row = Scratch.Get(Scratch.Purpose.Row, padded);
        logits.CopyTo(row);
        row[logits.Length..].Fill(float.NegativeInfinity);
        ref float at = ref Start(row);

        V largest = V.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < padded; i += V.Width)
            largest = V.Max(largest, V.Load(ref at, (nuint)i));
        float maximum = V.MaxLanes(largest);
        V shift = V.Broadcast(maximum);
        for (int i = 0; i < padded; i += V.Width)
            V.Store(Exp(V.Subtract(V.Load(ref at, (nuint)i), shift)), ref at, (nuint)i);
        row[logits.Length..].Clear();
        float sum = Sum(row);
        V divisor = V.Broadcast(sum);
        for (int i = 0; i < padded; i += V.Width)
            V.Store(V.Divide(V.Load(ref at, (nuint)i), divisor), ref at, (nuint)i);
        row[..logits.Length].CopyTo(probabilities);
        return (maximum, sum);
    }

    internal override void SoftmaxRows(int rows, ReadOnlySpan<float> logits, Span<float> probabilities, Span<float> maxima, Span<float> sums)
    {
        int columns = rows == 0 ? 0 : logits.Length / rows;
        bool along = columns <= V.Width;
        if (columns is 0 or > MostColumnsAcross || (rows < 2 && !along))
        {
            base.SoftmaxRows(rows, logits, probabilities, maxima, sums);
            return;
        }
        CheckLengths(rows * columns, logits.Length, probabilities.Length);
        CheckLengths(rows, maxima.Length, sums.Length);
        fixed (float* x = logits, y = probabilities, maximum = maxima, sum = sums)
        {
            int step = along ? RowTile : V.Width;
            for (int row = 0; row < rows; row += step)
            {
                int count = Math.Min(step, rows - row);
                nint at = (nint)row * columns;
                if (along)
                    SoftmaxAlong(count - 1, columns, x + at, y + at, maximum + row, sum + row);
                else
                    SoftmaxAcross(count, columns, x + at, y + at, maximum + row, sum + row);
            }
        }
    }

    /// <summary>The softmax of up to four rows of at most a vector each. Rows that are not there are the last once more.</summary>
    [MethodImpl(KernelCode.Optimized)]
    private static void SoftmaxAlong(int last, int columns, float* logits, float* probabilities, float* maxima, float* sums)
    {
        (nint i1, nint i2, nint i3) = (Math.Min(1, last) * columns, Math.Min(2, last) * columns, last * columns);
        V present = V.Load(ref s_first[0], (nuint)(Lanes - columns));
        V nothing = V.Broadcast(float.NegativeInfinity);
        V zero = V.Broadcast(0);
        V x0 = V.Select(present, V.LoadPartial(logits, columns), nothing);
        V x1 = V.Select(present, V.LoadPartial(logits + i1, columns), nothing);
        V x2 = V.Select(present, V.LoadPartial(logits + i2, columns), nothing);
        V x3 = V.Select(present, V.LoadPartial(logits + i3, columns), nothing);
        (float m0, float m1, float m2, float m3) = (V.MaxLanes(x0), V.MaxLanes(x1), V.MaxLanes(x2), V.MaxLanes(x3));
        x0 = V.Select(present, Exp(V.Subtract(x0, V.Broadcast(m0))), zero);
        x1 = V.Select(present, Exp(V.Subtract(x1, V.Broadcast(m1))), zero);
        x2 = V.Select(present, Exp(V.Subtract(x2, V.Broadcast(m2))), zero);
        x3 = V.Select(present, Exp(V.Subtract(x3, V.Broadcast(m3))), zero);
        Vector128<float> sum = V.SumLanes(x0, x1, x2, x3);
        V.StorePartial(V.Divide(x0, V.Broadcast(sum[0])), probabilities, columns);
        V.StorePartial(V.Divide(x1, V.Broadcast(sum[1])), probabilities + i1, columns);
        V.StorePartial(V.Divide(x2, V.Broadcast(sum[2])), probabilities + i2, columns);
        V.StorePartial(V.Divide(x3, V.Broadcast(sum[3])), probabilities + i3, columns);
        Simd.Simd128.StorePartial(Vector128.Create(m0, m1, m2, m3), maxima, last + 1);
        Simd.Simd128.StorePartial(sum, sums, last + 1);
    }

    /// <summary>The softmax of up to a vector's width of rows, one in each lane.</summary>
    [SkipLocalsInit]
    [MethodImpl(KernelCode.Optimized)]
    private static void SoftmaxAcross(int rows, int columns, float* logits, float* probabilities, float* maxima, float* sums)
    {
        float* turned = stackalloc float[MostColumnsAcross * V.Width];
        float* partial = stackalloc float[Lanes * V.Width];
        // Lanes without a row hold zeros.
        if (rows < V.Width)
            new Span<float>(turned, columns * V.Width).Clear();
        Turn(rows, columns, logits, columns, turned, V.Width);
        V maximum = V.Broadcast(float.NegativeInfinity);
        for (int j = 0; j < columns; j++)
            maximum = V.Max(maximum, Get(turned, j * V.Width));
        for (int i = 0; i < Lanes; i++)
            V.Store(V.Broadcast(0), ref *partial, (nuint)(i * V.Width));
        for (int j = 0; j < columns; j++)
        {
            V value = Exp(V.Subtract(Get(turned, j * V.Width), maximum));
            V.Store(value, ref *turned, (nuint)(j * V.Width));
            int i = j % Lanes * V.Width;
            V.Store(V.Add(Get(partial, i), value), ref *partial, (nuint)i);
        }
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                V.Store(V.Add(Get(partial, i * V.Width), Get(partial, (i + half) * V.Width)), ref *partial, (nuint)(i * V.Width));
        }
        V sum = Get(partial, 0);
        for (int j = 0; j < columns; j++)
            V.Store(V.Divide(Get(turned, j * V.Width), sum), ref *turned, (nuint)(j * V.Width));
        Turn(columns, rows, turned, V.Width, probabilities, columns);
        V.StorePartial(maximum, maxima, rows);
        V.StorePartial(sum, sums, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp(V x)
    {
        x = V.Raise(x, V.Broadcast(Exponential.Lowest));
        V n = V.Floor(V.FusedMultiplyAdd(x, V.Broadcast(Exponential.Log2E), V.Broadcast(0.5f)));
        V r = V.FusedMultiplyAdd(n, V.Broadcast(-Exponential.Ln2High), x);
        V.MultiplyAdd(ref r, n, V.Broadcast(-Exponential.Ln2Low));
        V polynomial = V.Broadcast(Exponential.Coefficients[0]);
        foreach (float coefficient in Exponential.Coefficients[1..])
            polynomial = V.FusedMultiplyAdd(polynomial, r, V.Broadcast(coefficient));
        return V.Multiply(polynomial, V.PowerOfTwo(n));
    }
}
