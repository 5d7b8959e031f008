namespace Skiptune.Numerics;

public abstract partial class KernelSet
{
    /// <summary>
    /// One row's softmax: the maximum is taken off first, so no finite input overflows; e^x is
    /// <see cref="Exponential"/>'s polynomial, the sum a <see cref="Lanes"/>-way reduction.
    /// </summary>
    /// <param name="logits">The row.</param>
    /// <param name="probabilities">As many values; may be the same memory.</param>
    /// <returns>The maximum, and the sum of e^(logit - maximum).</returns>
    internal abstract (float Maximum, float Sum) Softmax(ReadOnlySpan<float> logits, Span<float> probabilities);

    /// <summary>The softmax of each row of a matrix: what <see cref="Softmax"/> makes of it, to the bit.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="logits">rows x columns.</param>
    /// <param name="probabilities">rows x columns; may be the same memory.</param>
    /// <param name="maxima">Becomes each row's maximum.</param>
    /// <param name="sums">Becomes each row's sum.</param>
    internal virtual void SoftmaxRows(int rows, ReadOnlySpan<float> logits, Span<float> probabilities, Span<float> maxima, Span<float> sums)
    {
        int columns = rows == 0 ? 0 : logits.Length / rows;
        CheckLengths(rows * columns, logits.Length, probabilities.Length);
        CheckLengths(rows, maxima.Length, sums.Length);
        for (int row = 0; row < rows; row++)
            (maxima[row], sums[row]) = Softmax(logits.Slice(row * columns, columns), probabilities.Slice(row * columns, columns));
    }
}

/// <summary>
/// The constants of e^x = 2^n * p(r), n = floor(x / ln 2 + 1/2), r = x - n ln 2 in two steps, p the Taylor
/// polynomial of degree 7 on |r| &lt;= ln 2 / 2 (relative error below 2e-7 for inputs of -87 .. 88).
/// </summary>
internal static class Exponential
{
    /// <summary>Below this the result is taken as e^-87, which no sum of probabilities notices.</summary>
    public const float Lowest = -87f;

    public const float Log2E = 1.44269504f;

    /// <summary>ln 2 with the last bits of its significand zero, so that n times it is exact.</summary>
    public const float Ln2High = 0.693359375f;

    /// <summary>ln 2 - <see cref="Ln2High"/>.</summary>
    public const float Ln2Low = -2.12194440e-4f;

    /// <summary>1/7! .. 1/0!.</summary>
    public static ReadOnlySpan<float> Coefficients =>
        [1f / 5040, 1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1f, 1f];
}
