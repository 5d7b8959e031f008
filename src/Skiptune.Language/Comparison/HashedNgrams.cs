using System.Numerics.Tensors;
using Skiptune.Data;
using Skiptune.Language.Classification;
using Skiptune.Numerics;

namespace Skiptune.Language.Comparison;

/// <summary>
/// The measure for classifiers of texts that need no language model: characters by two, three and four, hashed into buckets,
/// weighed by the inverse of how many texts have them, and one linear layer (softmax regression by AdaGrad: Duchi et al.,
/// 2011). One thread; the same seed gives the same bits.
/// </summary>
public sealed class HashedNgrams
{
    private const int Buckets = 1 << 16;

    private readonly Targets _targets;
    private readonly float[] _weight; // Buckets x classes: the classes of a bucket lie side by side
    private readonly float[] _squares;
    private readonly float[] _rarity; // of each bucket
    private readonly int _classes;

    /// <summary>Learns.</summary>
    /// <param name="train">Labelled texts.</param>
    /// <param name="learningRate">AdaGrad's, above 0.</param>
    /// <param name="epochs">Passes over the texts.</param>
    /// <param name="seed">The seed of their order.</param>
    public HashedNgrams(LabelledTexts train, float learningRate, int epochs, long seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        _targets = train.ToTargets(default);
        _classes = _targets.ClassCount;
        _weight = new float[Buckets * _classes];
        _squares = new float[Buckets * _classes];
        _rarity = Rarity(train.Texts);
        (int Bucket, float Value)[][] samples = [.. train.Texts.Select(Features)];
        int[] order = [.. Enumerable.Range(0, samples.Length)];
        float[] scores = new float[_classes];
        float[] slope = new float[_classes];
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            new SeededRandom(seed, epoch).Shuffle(order.AsSpan());
            foreach (int row in order)
                Step(samples[row], _targets.Labels[row], learningRate, scores, slope);
        }
    }

    /// <summary>The values that are learnt.</summary>
    public long Parameters => _weight.Length;

    /// <summary>The share of texts whose class is found.</summary>
    /// <param name="texts">Labelled texts.</param>
    public double Accuracy(LabelledTexts texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ReadOnlySpan<int> labels = texts.ToTargets(_targets.ClassNames).Labels;
        float[] scores = new float[_classes];
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            Score(Features(texts.Texts[i]), scores);
            right += TensorPrimitives.IndexOfMax<float>(scores) == labels[i] ? 1 : 0;
        }
        return (double)right / labels.Length;
    }

    private void Step((int Bucket, float Value)[] sample, int label, float rate, float[] scores, float[] slope)
    {
        Score(sample, scores);
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.SoftMax<float>(scores, slope);
        slope[label] -= 1;
        foreach ((int bucket, float value) in sample)
        {
            Span<float> weight = _weight.AsSpan(bucket * _classes, _classes);
            Span<float> squares = _squares.AsSpan(bucket * _classes, _classes);
            for (int i = 0; i < slope.Length; i++)
            {
                float gradient = slope[i] * value;
                squares[i] += gradient * gradient;
                weight[i] -= rate * gradient / (MathF.Sqrt(squares[i]) + 1e-8f);
            }
        }
    }

    private void Score((int Bucket, float Value)[] sample, float[] scores)
    {
        scores.AsSpan().Clear();
        foreach ((int bucket, float value) in sample)
            TensorPrimitives.MultiplyAdd(_weight.AsSpan(bucket * _classes, _classes), value, scores, scores);
    }

    // Of length 1, in ascending buckets: the order of sums is the same on every machine.
    private (int Bucket, float Value)[] Features(string text)
    {
        (int Bucket, float Value)[] features = [.. Grams(text).CountBy(bucket => bucket).OrderBy(count => count.Key).Select(count => (count.Key, (1 + MathF.Log(count.Value)) * _rarity[count.Key]))];
        float norm = MathF.Sqrt(features.Sum(feature => feature.Value * feature.Value));
        return [.. features.Select(feature => (feature.Bucket, feature.Value / MathF.Max(norm, 1e-12f)))];
    }

    private static float[] Rarity(IReadOnlyCollection<string> texts)
    {
        int[] having = new int[Buckets];
        foreach (int bucket in texts.SelectMany(text => Grams(text).Distinct()))
            having[bucket]++;
        return [.. having.Select(count => 1 + MathF.Log((1f + texts.Count) / (1 + count)))];
    }

    private static IEnumerable<int> Grams(string text)
    {
        string padded = $" {text.ToLowerInvariant()} ";
        for (int length = 2; length <= 4; length++)
        {
            for (int start = 0; start + length <= padded.Length; start++)
                yield return Hash(padded.AsSpan(start, length));
        }
    }

    // FNV-1a.
    private static int Hash(ReadOnlySpan<char> gram)
    {
        uint hash = 2166136261;
        foreach (char c in gram)
            hash = (hash ^ c) * 16777619;
        return (int)((hash ^ (hash >> 16)) % Buckets);
    }
}
