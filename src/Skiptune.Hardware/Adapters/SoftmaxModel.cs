using Skiptune.Hardware.Arithmetic;

namespace Skiptune.Hardware.Adapters;

/// <summary>Scores to the gradient of cross-entropy times the rate: what hw/rtl/softmax.sv computes.</summary>
internal static class SoftmaxModel
{
    /// <summary>log2 e in Q.10.</summary>
    public const int Log2E = 1477;

    private const int TableBits = Formats.ExponentFraction;

    /// <summary>2^-i/64 in Q.16, at most 65535.</summary>
    public static int Power(int index) => (int)Math.Min(65535, Math.Floor(65536 * Math.Pow(2, -index / 64.0) + 0.5));

    /// <summary>e^-d of a distance d in Q.12 as a Q.16 number.</summary>
    public static int Exponential(long distance)
    {
        long limited = Math.Min(distance, (1 << Formats.DistanceBits) - 1);
        // Q.12 * Q.10 to Q.6.
        int t = (int)FixedPoint.Round(limited * Log2E, Formats.ScoreFraction + 10 - TableBits);
        return Power(t & ((1 << TableBits) - 1)) >> (t >> TableBits);
    }

    /// <summary>One over a sum of such numbers, Q.33 of a Q.0 number.</summary>
    public static long Reciprocal(long sum) => (1L << Formats.ReciprocalFraction) / sum;

    /// <summary>The gradient for each score, Q.22 in 18 bits: (softmax - onehot) * rate.</summary>
    /// <param name="scores">Q.12.</param>
    /// <param name="label">The class of the sample.</param>
    /// <param name="rate">Learning rate divided by the batch, Q.18.</param>
    public static int[] Gradient(ReadOnlySpan<long> scores, int label, int rate)
    {
        long best = long.MinValue;
        foreach (long score in scores)
            best = Math.Max(best, score);
        int[] exponentials = new int[scores.Length];
        long sum = 0;
        for (int c = 0; c < scores.Length; c++)
            sum += exponentials[c] = Exponential(best - scores[c]);
        long reciprocal = Reciprocal(sum);
        int[] gradient = new int[scores.Length];
        for (int c = 0; c < scores.Length; c++)
        {
            long probability = exponentials[c] * reciprocal >> (Formats.ReciprocalFraction - Formats.ProbabilityFraction);
            long difference = probability - (c == label ? 1 << Formats.ProbabilityFraction : 0);
            gradient[c] = FixedPoint.Saturate(
                FixedPoint.Round(difference * rate, Formats.ProbabilityFraction + Formats.RateFraction - Formats.GradientFraction), Formats.GradientBits);
        }
        return gradient;
    }
}
