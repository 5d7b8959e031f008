using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>
/// The mean over a batch of the sum over the scores z of -log of the probability sigmoid(z) gives to what is true: of each
/// class that the sample is of it or not, or of a single score that the sample is of class 1.
/// </summary>
internal static class BinaryCrossEntropy
{
    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="scores">n x C.</param>
    /// <param name="labels">n classes, below C, or 0 and 1 if C is 1.</param>
    /// <param name="gradient">Becomes (sigmoid - truth) / n, n x C.</param>
    /// <returns>The mean loss in nats.</returns>
    public static double Compute(KernelSet kernels, Tensor scores, ReadOnlySpan<int> labels, Tensor gradient)
    {
        int count = scores.Shape.RowCount;
        kernels.Apply(new UnaryValue<SigmoidFunction>(default), gradient.Span, accumulate: false, scores.Span);
        double total = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            for (int i = 0; i < count; i++)
            {
                bool truth = count == 1 ? labels[row] == 1 : labels[row] == i;
                double z = scores.Span[row * count + i];
                // log(1 + e^z) without overflow.
                total += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (truth ? z : 0);
                if (truth)
                    gradient.Span[row * count + i] -= 1;
            }
        }
        kernels.Scale(gradient.Span, 1f / labels.Length, gradient.Span);
        return total / labels.Length;
    }
}
