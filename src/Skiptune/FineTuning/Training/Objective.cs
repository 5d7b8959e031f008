using Skiptune.Data;
using Skiptune.Networks;
using Skiptune.Numerics;

namespace Skiptune.FineTuning;

/// <summary>
/// What a network is trained for: cross-entropy of the scores where the data have classes (of each score by itself if the
/// network ends in a sigmoid), the squared error of the output where they have numbers.
/// </summary>
internal abstract class Objective
{
    /// <summary>The objective of a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="layer">The network's output layer.</param>
    /// <param name="batch">The largest batch it will be asked for.</param>
    /// <param name="workers">The threads to share long rows of scores among.</param>
    /// <exception cref="SkiptuneException">The data have nothing to learn.</exception>
    public static Objective For(DataSet data, OutputLayer layer, int batch, Workers workers) => data.Targets.Kind switch
    {
        TargetKind.Classes => new Classification(batch, layer.Activation == OutputActivation.Sigmoid),
        TargetKind.Sequences => new NextClass(workers),
        TargetKind.Values or TargetKind.Input => new Regression(batch * data.TargetLength),
        _ => throw new SkiptuneException("the data have neither classes nor numbers to learn; give targets, or --target input for an autoencoder"),
    };

    /// <summary>Computes the mean loss of a batch and its gradient.</summary>
    /// <param name="kernels">What to compute with.</param>
    /// <param name="outputs">n x outputs.</param>
    /// <param name="data">The data.</param>
    /// <param name="samples">The n samples of the batch.</param>
    /// <param name="gradient">Becomes the gradient, n x outputs.</param>
    public abstract double Compute(KernelSet kernels, Tensor outputs, DataSet data, ReadOnlySpan<int> samples, Tensor gradient);

    /// <summary>How much the mean of these samples counts beside that of others: the samples, or what is learnt of them.</summary>
    public virtual long Weight(DataSet data, ReadOnlySpan<int> samples) => samples.Length;

    private sealed class Classification(int batch, bool independent) : Objective
    {
        private readonly int[] _labels = new int[batch];

        public override double Compute(KernelSet kernels, Tensor outputs, DataSet data, ReadOnlySpan<int> samples, Tensor gradient)
        {
            ReadOnlySpan<int> all = data.Labels;
            for (int i = 0; i < samples.Length; i++)
                _labels[i] = all[samples[i]];
            ReadOnlySpan<int> labels = _labels.AsSpan(0, samples.Length);
            return independent ? BinaryCrossEntropy.Compute(kernels, outputs, labels, gradient) : CrossEntropy.Compute(kernels, outputs, labels, gradient);
        }
    }

    private sealed class NextClass(Workers workers) : Objective
    {
        private readonly SequenceCrossEntropy _loss = new(workers);

        public override double Compute(KernelSet kernels, Tensor outputs, DataSet data, ReadOnlySpan<int> samples, Tensor gradient) =>
            _loss.Compute(kernels, outputs, data.Labels, samples, gradient);

        public override long Weight(DataSet data, ReadOnlySpan<int> samples) => SequenceCrossEntropy.Counted(data.Labels, data.Targets.Places, samples);
    }

    private sealed class Regression(int values) : Objective
    {
        private readonly float[] _targets = new float[values];

        public override double Compute(KernelSet kernels, Tensor outputs, DataSet data, ReadOnlySpan<int> samples, Tensor gradient)
        {
            Span<float> targets = _targets.AsSpan(0, outputs.Shape.Count);
            data.ReadTargets(samples, targets);
            return SquaredError.Compute(kernels, outputs, targets, gradient);
        }
    }
}
