using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
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

        V largest = S.Broadcast(float.NegativeInfinity);
        for (int i = 0; i < padded; i += S.Width)
            largest = S.Max(largest, S.Load(ref at, (nuint)i));
        float maximum = S.MaxLanes(largest);
        V shift = S.Broadcast(maximum);
        for (int i = 0; i < padded; i += S.Width)
            S.Store(Exp(S.Subtract(S.Load(ref at, (nuint)i), shift)), ref at, (nuint)i);
        row[logits.Length..].Clear();
        float sum = Sum(row);
        V divisor = S.Broadcast(sum);
        for (int i = 0; i < padded; i += S.Width)
            S.Store(S.Divide(S.Load(ref at, (nuint)i), divisor), ref at, (nuint)i);
        row[..logits.Length].CopyTo(probabilities);
        return (maximum, sum);
    }

    internal override void SoftmaxRows(int rows, ReadOnlySpan<float> logits, Span<float> probabilities, Span<float> maxima, Span<float> sums)
    {
        int columns = rows == 0 ? 0 : logits.Length / rows;
        bool along = columns <= S.Width;
        if (columns is 0 or > MostColumnsAcross || (rows < 2 && !along))
        {
            base.SoftmaxRows(rows, logits, probabilities, maxima, sums);
            return;
        }
        CheckLengths(rows * columns, logits.Length, probabilities.Length);
        CheckLengths(rows, maxima.Length, sums.Length);
        fixed (float* x = logits, y = probabilities, maximum = maxima, sum = sums)
        {
            int step = along ? RowTile : S.Width;
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxAlong(int last, int columns, float* logits, float* probabilities, float* maxima, float* sums)
    {
        (nint i1, nint i2, nint i3) = (Math.Min(1, last) * columns, Math.Min(2, last) * columns, last * columns);
        V present = S.Load(ref s_first[0], (nuint)(Lanes - columns));
        V nothing = S.Broadcast(float.NegativeInfinity);
        V zero = S.Broadcast(0);
        V x0 = S.Select(present, S.LoadPartial(logits, columns), nothing);
        V x1 = S.Select(present, S.LoadPartial(logits + i1, columns), nothing);
        V x2 = S.Select(present, S.LoadPartial(logits + i2, columns), nothing);
        V x3 = S.Select(present, S.LoadPartial(logits + i3, columns), nothing);
        (float m0, float m1, float m2, float m3) = (S.MaxLanes(x0), S.MaxLanes(x1), S.MaxLanes(x2), S.MaxLanes(x3));
        x0 = S.Select(present, Exp(S.Subtract(x0, S.Broadcast(m0))), zero);
        x1 = S.Select(present, Exp(S.Subtract(x1, S.Broadcast(m1))), zero);
        x2 = S.Select(present, Exp(S.Subtract(x2, S.Broadcast(m2))), zero);
        x3 = S.Select(present, Exp(S.Subtract(x3, S.Broadcast(m3))), zero);
        Vector128<float> sum = S.SumLanes(x0, x1, x2, x3);
        S.StorePartial(S.Divide(x0, S.Broadcast(sum[0])), probabilities, columns);
        S.StorePartial(S.Divide(x1, S.Broadcast(sum[1])), probabilities + i1, columns);
        S.StorePartial(S.Divide(x2, S.Broadcast(sum[2])), probabilities + i2, columns);
        S.StorePartial(S.Divide(x3, S.Broadcast(sum[3])), probabilities + i3, columns);
        Simd.Simd128.StorePartial(Vector128.Create(m0, m1, m2, m3), maxima, last + 1);
        Simd.Simd128.StorePartial(sum, sums, last + 1);
    }

    /// <summary>The softmax of up to a vector's width of rows, one in each lane.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxAcross(int rows, int columns, float* logits, float* probabilities, float* maxima, float* sums)
    {
        float* turned = stackalloc float[MostColumnsAcross * S.Width];
        float* partial = stackalloc float[Lanes * S.Width];
        // Lanes without a row hold zeros.
        if (rows < S.Width)
            new Span<float>(turned, columns * S.Width).Clear();
        Turn(rows, columns, logits, columns, turned, S.Width);
        V maximum = S.Broadcast(float.NegativeInfinity);
        for (int j = 0; j < columns; j++)
            maximum = S.Max(maximum, Get(turned, j * S.Width));
        for (int i = 0; i < Lanes; i++)
            S.Store(S.Broadcast(0), ref *partial, (nuint)(i * S.Width));
        for (int j = 0; j < columns; j++)
        {
            V value = Exp(S.Subtract(Get(turned, j * S.Width), maximum));
            S.Store(value, ref *turned, (nuint)(j * S.Width));
            int i = j % Lanes * S.Width;
            S.Store(S.Add(Get(partial, i), value), ref *partial, (nuint)i);
        }
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                S.Store(S.Add(Get(partial, i * S.Width), Get(partial, (i + half) * S.Width)), ref *partial, (nuint)(i * S.Width));
        }
        V sum = Get(partial, 0);
        for (int j = 0; j < columns; j++)
            S.Store(S.Divide(Get(turned, j * S.Width), sum), ref *turned, (nuint)(j * S.Width));
        Turn(columns, rows, turned, S.Width, probabilities, columns);
        S.StorePartial(maximum, maxima, rows);
        S.StorePartial(sum, sums, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp(V x)
    {
        x = S.Raise(x, S.Broadcast(Exponential.Lowest));
        V n = S.Floor(S.FusedMultiplyAdd(x, S.Broadcast(Exponential.Log2E), S.Broadcast(0.5f)));
        V r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2High), x);
        r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2Low), r);
        V polynomial = S.Broadcast(Exponential.Coefficients[0]);
        foreach (float coefficient in Exponential.Coefficients[1..])
            polynomial = S.FusedMultiplyAdd(polynomial, r, S.Broadcast(coefficient));
        return S.Multiply(polynomial, S.PowerOfTwo(n));
    }
}
