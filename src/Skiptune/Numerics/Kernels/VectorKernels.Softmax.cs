using System.Runtime.CompilerServices;

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
        if (rows < 2 || columns is 0 or > MostColumnsAcross)
        {
            base.SoftmaxRows(rows, logits, probabilities, maxima, sums);
            return;
        }
        CheckLengths(rows * columns, logits.Length, probabilities.Length);
        CheckLengths(rows, maxima.Length, sums.Length);
        fixed (float* x = logits, y = probabilities, maximum = maxima, sum = sums)
        {
            for (int row = 0; row < rows; row += S.Width)
                SoftmaxAcross(Math.Min(S.Width, rows - row), columns, x + (nint)row * columns, y + (nint)row * columns, maximum + row, sum + row);
        }
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
        x = S.Max(x, S.Broadcast(Exponential.Lowest));
        V n = S.Floor(S.FusedMultiplyAdd(x, S.Broadcast(Exponential.Log2E), S.Broadcast(0.5f)));
        V r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2High), x);
        r = S.FusedMultiplyAdd(n, S.Broadcast(-Exponential.Ln2Low), r);
        V polynomial = S.Broadcast(Exponential.Coefficients[0]);
        foreach (float coefficient in Exponential.Coefficients[1..])
            polynomial = S.FusedMultiplyAdd(polynomial, r, S.Broadcast(coefficient));
        return S.Multiply(polynomial, S.PowerOfTwo(n));
    }
}
