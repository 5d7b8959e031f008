using System.Runtime.CompilerServices;

namespace Skiptune.Numerics;

internal sealed unsafe partial class VectorKernels<V, S>
{
    private static ReadOnlySpan<float> Indices => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    internal override (float Maximum, float Sum) Softmax(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        CheckLengths(logits.Length, probabilities.Length);
        if (logits.Length <= Lanes)
            return SoftmaxOfFew(logits, probabilities);
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

    // A row that one to four vectors hold: no copies.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Maximum, float Sum) SoftmaxOfFew(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        float* row = stackalloc float[Lanes];
        int count = logits.Length;
        fixed (float* source = logits, destination = probabilities, index = Indices)
        {
            V largest = S.Broadcast(float.NegativeInfinity);
            for (int i = 0; i < count; i += S.Width)
            {
                V there = S.Subtract(S.Broadcast(count), S.Load(ref *index, (nuint)i));
                V value = S.Select(there, S.LoadPartial(source + i, count - i), S.Broadcast(float.NegativeInfinity));
                S.Store(value, ref *row, (nuint)i);
                largest = S.Max(largest, value);
            }
            float maximum = S.MaxLanes(largest);
            V shift = S.Broadcast(maximum);
            V sums;
            for (int i = 0; i < Lanes; i += S.Width)
            {
                V there = S.Subtract(S.Broadcast(count), S.Load(ref *index, (nuint)i));
                V value = i < count ? S.WherePositive(there, Exp(S.Subtract(S.Load(ref *row, (nuint)i), shift))) : S.Broadcast(0);
                S.Store(value, ref *row, (nuint)i);
            }
            if (S.Width == Lanes)
                sums = S.Load(ref *row, 0);
            else if (S.Width == Lanes / 2)
                sums = S.Add(S.Load(ref *row, 0), S.Load(ref *row, 8));
            else
                sums = S.Add(S.Add(S.Load(ref *row, 0), S.Load(ref *row, 8)), S.Add(S.Load(ref *row, 4), S.Load(ref *row, 12)));
            float sum = S.SumLanes(sums);
            V divisor = S.Broadcast(sum);
            for (int i = 0; i < count; i += S.Width)
                S.StorePartial(S.Divide(S.Load(ref *row, (nuint)i), divisor), destination + i, count - i);
            return (maximum, sum);
        }
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
