using Skiptune.Data;

namespace Skiptune.Language.FineTuning;

/// <summary>
/// Counts of three tokens, smoothed by interpolation with those of fewer (Witten and Bell, 1991): what a language model
/// without a network makes of the same tokens.
/// </summary>
public sealed class Trigrams
{
    private readonly Dictionary<(int, int), Followers> _two = [];
    private readonly Dictionary<int, Followers> _one = [];
    private readonly Followers _none = new();
    private readonly int _vocabulary;

    /// <summary>Counts the tokens of sequences.</summary>
    /// <param name="data">Sequences with the token that follows each place.</param>
    public Trigrams(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _vocabulary = data.ClassCount;
        foreach ((int? before, int last, int next) in Places(data))
        {
            _none.Add(next);
            Of(_one, last).Add(next);
            if (before is { } first)
                Of(_two, (first, last)).Add(next);
        }
    }

    /// <summary>Nats per token of sequences.</summary>
    /// <param name="data">Sequences with the token that follows each place.</param>
    public double Evaluate(DataSet data)
    {
        ArgumentNullException.ThrowIfNull(data);
        double total = 0;
        long count = 0;
        foreach ((int? before, int last, int next) in Places(data))
        {
            double probability = _none.Probability(next, 1.0 / _vocabulary);
            if (_one.TryGetValue(last, out Followers? one))
                probability = one.Probability(next, probability);
            if (before is { } first && _two.TryGetValue((first, last), out Followers? two))
                probability = two.Probability(next, probability);
            total -= Math.Log(probability);
            count++;
        }
        return total / count;
    }

    private static Followers Of<T>(Dictionary<T, Followers> counts, T key)
        where T : notnull => counts.TryGetValue(key, out Followers? followers) ? followers : counts[key] = new Followers();

    private static IEnumerable<(int? Before, int Last, int Next)> Places(DataSet data)
    {
        int length = data.SampleShape[0];
        float[] tokens = new float[length];
        for (int sample = 0; sample < data.Count; sample++)
        {
            data.Read([sample], tokens);
            for (int place = 0; place < length; place++)
            {
                int next = data.Labels[sample * length + place];
                if (next >= 0)
                    yield return (place > 0 ? (int)tokens[place - 1] : null, (int)tokens[place], next);
            }
        }
    }

    private sealed class Followers
    {
        private readonly Dictionary<int, int> _counts = [];
        private int _total;

        public void Add(int token)
        {
            _counts[token] = _counts.GetValueOrDefault(token) + 1;
            _total++;
        }

        // (count + kinds * what fewer tokens say) / (total + kinds)
        public double Probability(int token, double fewer) =>
            (_counts.GetValueOrDefault(token) + _counts.Count * fewer) / (_total + _counts.Count);
    }
}
