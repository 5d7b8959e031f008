using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean over a batch of -log softmax(logits)[label].</summary>
internal static class CrossEntropy
{
    /// <summary>Times the largest sum of a row still far from infinity.</summary>
    private const double LargestProduct = 1e200;

    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="logits">n x C.</param>
    /// <param name="labels">n classes.</param>
    /// <param name="gradient">Becomes (softmax - onehot) / n, n x C.</param>
    /// <returns>The mean loss in nats.</returns>
    public static double Compute(KernelSet kernels, Tensor logits, ReadOnlySpan<int> labels, Tensor gradient)
    {
        int classes = logits.Shape.RowCount;
        ReadOnlySpan<float> all = logits.Span;
        Span<float> slopes = gradient.Span;
        double total = 0;
        // One logarithm for as many sums (each at least 1) as a double holds the product of.
        double product = 1;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> scores = all.Slice(row * classes, classes);
            Span<float> slope = slopes.Slice(row * classes, classes);
            (float maximum, float sum) = kernels.Softmax(scores, slope);
            product *= sum;
            total += maximum - scores[labels[row]];
            slope[labels[row]] -= 1;
            if (product > LargestProduct)
            {
                total += Math.Log(product);
                product = 1;
            }
        }
        kernels.Scale(slopes, 1f / labels.Length, slopes);
        return (total + Math.Log(product)) / labels.Length;
    }

    /// <summary>The summed loss alone.</summary>
    public static double Sum(KernelSet kernels, Tensor logits, ReadOnlySpan<int> labels, Span<float> scratch)
    {
        int classes = logits.Shape.RowCount;
        double total = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> scores = logits.Span.Slice(row * classes, classes);
            (float maximum, float sum) = kernels.Softmax(scores, scratch[..classes]);
            total += Math.Log(sum) + maximum - scores[labels[row]];
        }
        return total;
    }
}
