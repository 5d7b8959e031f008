using Skiptune.Numerics;

namespace Skiptune.Networks;

/// <summary>The mean over all places of a batch of sequences that have a class of -log softmax(logits)[class].</summary>
internal sealed class SequenceCrossEntropy
{
    // Rows at once: few enough that the logits and their slopes stay near.
    private const int RowsAtOnce = 16;

    // An exponential takes about as long as this many multiply-adds.
    private const long ExponentialCost = 8;

    private readonly Workers _workers;
    private readonly Action<int> _work;
    private int[] _labels = [];
    private double[] _losses = [];
    private int _rows;
    private float _share;
    private KernelSet? _kernels;
    private Tensor? _logits;
    private Tensor? _gradient;

    /// <summary>Makes the loss.</summary>
    /// <param name="workers">The threads to share the rows among.</param>
    public SequenceCrossEntropy(Workers workers)
    {
        _workers = workers;
        _work = RunShare;
    }

    /// <summary>Computes the loss and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="logits">n x T x C.</param>
    /// <param name="labels">T classes for each sample of the data; -1 for a place that does not count.</param>
    /// <param name="samples">The n samples of the batch.</param>
    /// <param name="gradient">Becomes (softmax - onehot) / places that count, or 0 for places that do not; n x T x C.</param>
    /// <returns>The mean loss in nats; 0 if no place counts.</returns>
    public double Compute(KernelSet kernels, Tensor logits, ReadOnlySpan<int> labels, ReadOnlySpan<int> samples, Tensor gradient)
    {
        int places = logits.Shape[1];
        _rows = samples.Length * places;
        if (_labels.Length < _rows)
            (_labels, _losses) = (new int[_rows], new double[_rows]);
        for (int i = 0; i < samples.Length; i++)
            labels.Slice(samples[i] * places, places).CopyTo(_labels.AsSpan(i * places));
        _share = 1f / Math.Max(1, Counted(labels, places, samples));
        (_kernels, _logits, _gradient) = (kernels, logits, gradient);
        _workers.Run(_work, ExponentialCost * logits.Shape.Count);
        double total = 0;
        for (int row = 0; row < _rows; row++)
            total += _losses[row];
        return total * _share;
    }

    /// <summary>The places of some samples that have a class.</summary>
    public static long Counted(ReadOnlySpan<int> labels, int places, ReadOnlySpan<int> samples)
    {
        long counted = 0;
        foreach (int sample in samples)
        {
            foreach (int label in labels.Slice(sample * places, places))
                counted += label >= 0 ? 1 : 0;
        }
        return counted;
    }

    private void RunShare(int share)
    {
        (int start, int end) = _workers.Share(_rows, share);
        int classes = _logits!.Shape[-1];
        ReadOnlySpan<float> scores = _logits.Span;
        Span<float> slopes = _gradient!.Span;
        Span<float> maxima = stackalloc float[RowsAtOnce];
        Span<float> sums = stackalloc float[RowsAtOnce];
        for (int first = start; first < end; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, end - first);
            Range range = (first * classes)..((first + count) * classes);
            _kernels!.SoftmaxRows(count, scores[range], slopes[range], maxima[..count], sums[..count]);
            _kernels.Scale(slopes[range], _share, slopes[range]);
            for (int i = 0; i < count; i++)
            {
                int label = _labels[first + i];
                _losses[first + i] = 0;
                if (label < 0)
                {
                    slopes.Slice((first + i) * classes, classes).Clear();
                    continue;
                }
                int right = (first + i) * classes + label;
                _losses[first + i] = Math.Log(sums[i]) + maxima[i] - scores[right];
                slopes[right] -= _share;
            }
        }
    }
}
