using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean over all values of a batch of (output - target)^2.</summary>
internal static class SquaredError
{
    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="outputs">n x outputs.</param>
    /// <param name="targets">As many values.</param>
    /// <param name="gradient">Becomes 2 (output - target) / (n outputs).</param>
    public static double Compute(KernelSet kernels, Tensor outputs, ReadOnlySpan<float> targets, Tensor gradient)
    {
        Span<float> difference = gradient.Span;
        outputs.Span.CopyTo(difference);
        kernels.AddScaled(targets, -1, difference);
        double total = 0;
        foreach (float value in difference)
            total += (double)value * value;
        kernels.Scale(difference, 2f / difference.Length, difference);
        return total / difference.Length;
    }
}
