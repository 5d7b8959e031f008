namespace Skiptune.Numerics;

internal sealed partial class VectorKernels<V, S>
{
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
        Span<float> lanes = stackalloc float[Lanes];
        S.Store(largest, ref lanes[0], 0);
        float maximum = float.NegativeInfinity;
        foreach (float lane in lanes[..S.Width])
            maximum = MathF.Max(maximum, lane);

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
