using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean over a batch of -log softmax(logits)[label].</summary>
internal static class CrossEntropy
{
    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="logits">n x C.</param>
    /// <param name="labels">n classes.</param>
    /// <param name="gradient">Becomes (softmax - onehot) / n, n x C.</param>
    /// <returns>The mean loss in nats.</returns>
    public static double Compute(KernelSet kernels, Tensor logits, ReadOnlySpan<int> labels, Tensor gradient)
    {
        int classes = logits.Shape.RowCount;
        double total = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> scores = logits.Span.Slice(row * classes, classes);
            Span<float> slope = gradient.Span.Slice(row * classes, classes);
            (float maximum, float sum) = kernels.Softmax(scores, slope);
            total += Math.Log(sum) + maximum - scores[labels[row]];
            slope[labels[row]] -= 1;
        }
        kernels.Scale(gradient.Span, 1f / labels.Length, gradient.Span);
        return total / labels.Length;
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
