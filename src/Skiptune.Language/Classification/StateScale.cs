using System.Collections.Immutable;
using Skiptune.FineTuning;
using Skiptune.Numerics;

namespace Skiptune.Language.Classification;

/// <summary>
/// The mean and the deviation of each value of the pooled states. Texts differ little beside what all have in common, which
/// four bits would be spent on; so training reads (x - mean) / deviation, and what it learnt is then written for x itself.
/// </summary>
internal sealed class StateScale
{
    private readonly float[] _mean;
    private readonly float[] _inverse;

    private StateScale(float[] mean, float[] inverse) => (_mean, _inverse) = (mean, inverse);

    /// <summary>That of some texts.</summary>
    /// <param name="states">Texts x values.</param>
    public static StateScale Of(Tensor states)
    {
        int values = states.Shape[1];
        double[] sum = new double[values];
        double[] squares = new double[values];
        for (int text = 0; text < states.Shape[0]; text++)
        {
            ReadOnlySpan<float> row = states.Rows(text, 1).Span;
            for (int i = 0; i < values; i++)
            {
                sum[i] += row[i];
                squares[i] += (double)row[i] * row[i];
            }
        }
        float[] mean = [.. sum.Select(value => (float)(value / states.Shape[0]))];
        // A value that hardly varies is left at that: dividing would make noise of it.
        float[] inverse = [.. squares.Select((square, i) => (float)(1 / Math.Sqrt(Math.Max(square / states.Shape[0] - (double)mean[i] * mean[i], 1e-6 * square / states.Shape[0] + 1e-12))))];
        return new StateScale(mean, inverse);
    }

    /// <summary>Brings a text's states to the scale.</summary>
    public void Apply(Span<float> states)
    {
        for (int i = 0; i < states.Length; i++)
            states[i] = (states[i] - _mean[i]) * _inverse[i];
    }

    /// <summary>
    /// The adapter for states as they are: W (x - m) / s + b = (W / s) x + b - (W / s) m, where W is B_k A_k for skip adapters.
    /// </summary>
    /// <param name="adapter">One that learnt states of this scale.</param>
    /// <param name="head">What its head reads.</param>
    /// <param name="width">d, the values of one state.</param>
    public Adapter Undo(Adapter adapter, HeadStates head, int width)
    {
        ImmutableSortedDictionary<string, Tensor> tensors = adapter.Tensors.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Clone(), StringComparer.Ordinal);
        Span<float> bias = tensors[NewHead.Bias].Span;
        if (tensors.TryGetValue(NewHead.Weight, out Tensor? weight))
        {
            float[] shift = Divide(weight, head == HeadStates.All ? 0 : _mean.Length - width);
            for (int i = 0; i < bias.Length; i++)
                bias[i] -= shift[i];
        }
        foreach ((int k, string state) in ClassifierGraph.Names(_mean.Length / width - 1).Index())
        {
            if (!tensors.TryGetValue(ClassifierSkip.Down(state), out Tensor? down))
                continue;
            Tensor up = tensors[ClassifierSkip.Up(state)];
            float[] shift = Divide(down, k * width);
            for (int i = 0; i < bias.Length; i++)
            {
                for (int r = 0; r < shift.Length; r++)
                    bias[i] -= adapter.Alpha / adapter.Rank * up.Span[i * shift.Length + r] * shift[r];
            }
        }
        return adapter with { Tensors = tensors };
    }

    // Divides the columns by the deviations of the values from start on; returns the rows' products with the means.
    private float[] Divide(Tensor matrix, int start)
    {
        float[] products = new float[matrix.Shape[0]];
        for (int row = 0; row < products.Length; row++)
        {
            Span<float> values = matrix.Rows(row, 1).Span;
            double product = 0;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= _inverse[start + i];
                product += (double)values[i] * _mean[start + i];
            }
            products[row] = (float)product;
        }
        return products;
    }
}
