using Skiptune.Numerics;

namespace Skiptune.Language.Generation;

/// <summary>Chooses tokens by their logits.</summary>
/// <param name="options">How.</param>
internal sealed class Sampler(SamplingOptions options)
{
    private readonly SeededRandom _random = new(options.Seed);
    private int[] _order = [];
    private float[] _weights = [];

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">A logit for each token.</param>
    public int Choose(ReadOnlySpan<float> logits)
    {
        int best = Largest(logits);
        if (!float.IsFinite(logits[best]))
            throw new SkiptuneException("the logits are not finite; check the model and the adapter");
        if (options.Temperature == 0 || options.TopK == 1)
            return best;
        if (_order.Length != logits.Length)
            (_order, _weights) = (new int[logits.Length], new float[logits.Length]);
        for (int i = 0; i < logits.Length; i++)
            (_order[i], _weights[i]) = (i, -logits[i]);
        // The most likely first.
        Array.Sort(_weights, _order);
        for (int i = 0; i < logits.Length; i++)
            _weights[i] = MathF.Exp((-_weights[i] - logits[best]) / options.Temperature);
        int kept = options.TopK > 0 ? Math.Min(options.TopK, logits.Length) : logits.Length;
        double total = 0;
        for (int i = 0; i < kept; i++)
            total += _weights[i];
        double limit = options.TopP * total;
        double sum = 0;
        int within = 0;
        while (within < kept && (sum < limit || within == 0))
            sum += _weights[within++];
        double point = _random.NextSingle() * sum;
        for (int i = 0; i < within; i++)
        {
            point -= _weights[i];
            if (point < 0)
                return _order[i];
        }
        return _order[within - 1];
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best] || float.IsNaN(logits[i]))
                best = i;
        }
        return best;
    }
}
