using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean over a batch of -log softmax(logits)[label].</summary>
internal static class CrossEntropy
{
    /// <summary>Times the largest sum of a row still far from infinity.</summary>
    private const double LargestProduct = 1e200;

    private const int RowsAtOnce = 64;

    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="logits">n x C.</param>
    /// <param name="labels">n classes.</param>
    /// <param name="gradient">Becomes (softmax - onehot) / n, n x C.</param>
    /// <returns>The mean loss in nats.</returns>
    public static double Compute(KernelSet kernels, Tensor logits, ReadOnlySpan<int> labels, Tensor gradient)
    {
        int classes = logits.Shape.RowCount;
        ReadOnlySpan<float> scores = logits.Span;
        Span<float> slopes = gradient.Span;
        Span<float> maxima = stackalloc float[RowsAtOnce];
        Span<float> sums = stackalloc float[RowsAtOnce];
        double total = 0;
        // One logarithm for as many sums (each at least 1) as a double holds the product of.
        double product = 1;
        for (int first = 0; first < labels.Length; first += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, labels.Length - first);
            Range range = (first * classes)..((first + rows) * classes);
            kernels.SoftmaxRows(rows, scores[range], slopes[range], maxima[..rows], sums[..rows]);
            for (int i = 0; i < rows; i++)
            {
                int right = (first + i) * classes + labels[first + i];
                product *= sums[i];
                total += maxima[i] - scores[right];
                slopes[right] -= 1;
                if (product > LargestProduct)
                {
                    total += Math.Log(product);
                    product = 1;
                }
            }
        }
        kernels.Scale(slopes, 1f / labels.Length, slopes);
        return (total + Math.Log(product)) / labels.Length;
    }
}
