using Skiptune.Hardware.Arithmetic;

namespace Skiptune.Hardware.Adapters;

/// <summary>What the adapter engine knows of a sample.</summary>
/// <param name="Words">Its cache words, layer after layer.</param>
/// <param name="Scores">The base's scores, Q8.8.</param>
/// <param name="Label">Its class.</param>
internal sealed record CachedSample(CacheWord[] Words, short[] Scores, int Label);

/// <summary>One step of the training: the samples of a batch and the rate of each.</summary>
/// <param name="Samples">Positions in the cache.</param>
/// <param name="Rate">Learning rate divided by the batch, Q.18.</param>
internal sealed record TrainingStep(int[] Samples, int Rate);

/// <summary>The adapter engine in C#: what hw/rtl/adapter_engine.sv computes, value for value.</summary>
/// <remarks>Skip-LoRA: y = base + sum_k B_k A_k x_k, with stochastic gradient descent on A and B.</remarks>
internal sealed class AdapterModel(AdapterState state)
{
    private const int CopyShift = Formats.MasterBits - Formats.CopyBits;

    private readonly int _lanes = state.Options.Lanes;
    private readonly int _rank = state.Options.Rank;
    private readonly int _classes = state.Options.Classes;
    private readonly int[] _layerOfWord = [.. LayerTable.Taps.SelectMany((tap, k) => Enumerable.Repeat(k, tap.Words(state.Options.Lanes)))];

    public AdapterState State => state;

    /// <summary>The copies that are multiplied are the masters' top bits.</summary>
    public static int Copy(int master) => master >> CopyShift;

    /// <summary>A step of gradient descent.</summary>
    public void Step(IReadOnlyList<CachedSample> cache, TrainingStep step)
    {
        CachedSample[] batch = [.. step.Samples.Select(index => cache[index])];
        int[][,] hidden = [.. batch.Select(Hidden)];
        int[][] gradients = [.. batch.Zip(hidden, (sample, h) => SoftmaxModel.Gradient(Scores(sample.Scores, h), sample.Label, step.Rate))];
        int[][,] hiddenGradients = [.. gradients.Select(HiddenGradient)];
        UpdateUp(hidden, gradients);
        UpdateDown(batch, hiddenGradients);
    }

    /// <summary>h = A x for each layer and row, Q8.8.</summary>
    public int[,] Hidden(CachedSample sample)
    {
        long[,] sums = new long[LayerTable.Taps.Length, _rank];
        for (int word = 0; word < _layerOfWord.Length; word++)
        {
            for (int r = 0; r < _rank; r++)
                sums[_layerOfWord[word], r] += WordProduct(sample.Words[word], word, r);
        }
        int[,] hidden = new int[LayerTable.Taps.Length, _rank];
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            for (int r = 0; r < _rank; r++)
                hidden[k, r] = RoundHidden(sums[k, r]);
        }
        return hidden;
    }

    /// <summary>The sum of a layer's words as h.</summary>
    public static int RoundHidden(long sum) =>
        FixedPoint.Saturate(FixedPoint.Round(sum, Formats.HiddenSumFraction - Formats.HiddenFraction), Formats.HiddenBits);

    /// <summary>The scores with the adapters, Q.12.</summary>
    public long[] Scores(short[] baseScores, int[,] hidden)
    {
        long[] scores = new long[_classes];
        for (int c = 0; c < _classes; c++)
        {
            scores[c] = (long)baseScores[c] << (Formats.ScoreFraction - Formats.BaseScoreFraction);
            for (int k = 0; k < LayerTable.Taps.Length; k++)
            {
                long sum = 0;
                for (int r = 0; r < _rank; r++)
                    sum += Copy(state.Up[k, c, r]) * hidden[k, r];
                scores[c] += FixedPoint.Round(sum, Formats.CopyFraction + Formats.HiddenFraction - Formats.ScoreFraction);
            }
        }
        return scores;
    }

    /// <summary>What a word adds to a row's h, Q.16: levels times copies, summed over the lanes, times the scale.</summary>
    public long WordProduct(CacheWord word, int index, int r)
    {
        long sum = 0;
        for (int lane = 0; lane < _lanes; lane++)
            sum += Copy(state.Down[index, r, lane]) * word.Levels[lane];
        return FixedPoint.Round(sum * word.Scale, Formats.CopyFraction + Formats.ScaleFraction - Formats.HiddenSumFraction);
    }

    /// <summary>The gradient of h for each layer and row: B^T g, Q.22 in 18 bits.</summary>
    public int[,] HiddenGradient(int[] gradient)
    {
        int[,] result = new int[LayerTable.Taps.Length, _rank];
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            for (int r = 0; r < _rank; r++)
            {
                long sum = 0;
                for (int c = 0; c < _classes; c++)
                    sum += (long)Copy(state.Up[k, c, r]) * gradient[c];
                result[k, r] = FixedPoint.Saturate(FixedPoint.Round(sum, Formats.CopyFraction), Formats.GradientBits);
            }
        }
        return result;
    }

    /// <summary>The step of B.</summary>
    /// <param name="hidden">h of each sample of the batch.</param>
    /// <param name="gradients">The gradient of the scores of each.</param>
    public void UpdateUp(int[][,] hidden, int[][] gradients)
    {
        for (int k = 0; k < LayerTable.Taps.Length; k++)
        {
            for (int c = 0; c < _classes; c++)
            {
                for (int r = 0; r < _rank; r++)
                {
                    long sum = 0;
                    for (int s = 0; s < hidden.Length; s++)
                        sum += (long)gradients[s][c] * hidden[s][k, r];
                    state.Up[k, c, r] = Stepped(state.Up[k, c, r], sum, Formats.GradientFraction + Formats.HiddenFraction);
                }
            }
        }
    }

    private void UpdateDown(CachedSample[] batch, int[][,] hiddenGradients)
    {
        for (int word = 0; word < _layerOfWord.Length; word++)
        {
            CacheWord[] words = [.. batch.Select(sample => sample.Words[word])];
            for (int r = 0; r < _rank; r++)
                UpdateDownWord(word, r, words, [.. words.Select((x, s) => BlockGradient(hiddenGradients[s][_layerOfWord[word], r], x.Scale))]);
        }
    }

    /// <summary>The step of one row of a word of A.</summary>
    /// <param name="index">The word.</param>
    /// <param name="r">The row.</param>
    /// <param name="words">What the samples of the batch have there.</param>
    /// <param name="blockGradients">The gradient for a level of each.</param>
    public void UpdateDownWord(int index, int r, IReadOnlyList<CacheWord> words, IReadOnlyList<int> blockGradients)
    {
        long[] sums = new long[_lanes];
        for (int s = 0; s < words.Count; s++)
        {
            for (int lane = 0; lane < _lanes; lane++)
                sums[lane] += blockGradients[s] * words[s].Levels[lane];
        }
        for (int lane = 0; lane < _lanes; lane++)
            state.Down[index, r, lane] = Stepped(state.Down[index, r, lane], sums[lane], Formats.GradientFraction);
    }

    /// <summary>The gradient for a level of a word: Q.22 in 16 bits.</summary>
    public static int BlockGradient(int hiddenGradient, int scale) =>
        FixedPoint.Saturate(FixedPoint.Round((long)hiddenGradient * scale, Formats.ScaleFraction), Formats.BlockGradientBits);

    private static int Stepped(int master, long gradient, int fraction) =>
        FixedPoint.Saturate(master - FixedPoint.Round(gradient, fraction - Formats.MasterFraction), Formats.MasterBits);
}
