namespace Skiptune.FineTuning;

/// <summary>How many samples of each class were taken for each class.</summary>
public sealed class ConfusionMatrix : IEquatable<ConfusionMatrix>
{
    /// <summary>Models with more classes get none: it would take 64 MiB and more.</summary>
    internal const int MostClasses = 4096;

    private readonly int[] _counts; // true class x predicted class

    internal ConfusionMatrix(int classes)
    {
        Classes = classes;
        _counts = new int[classes * classes];
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>Samples of one class that were taken for another.</summary>
    /// <param name="label">What they are.</param>
    /// <param name="prediction">What they were taken for.</param>
    public int this[int label, int prediction] => _counts[label * Classes + prediction];

    /// <summary>The samples of a class.</summary>
    public int Support(int label) => Enumerable.Range(0, Classes).Sum(prediction => this[label, prediction]);

    /// <summary>The share of a class's samples that were recognised; 0 if it has none.</summary>
    public double Recall(int label) => Share(this[label, label], Support(label));

    /// <summary>The share of the samples taken for a class that are of it; 0 if there are none.</summary>
    public double Precision(int label) => Share(this[label, label], Enumerable.Range(0, Classes).Sum(other => this[other, label]));

    /// <inheritdoc/>
    public bool Equals(ConfusionMatrix? other) => other is not null && Classes == other.Classes && _counts.AsSpan().SequenceEqual(other._counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfusionMatrix);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Classes, _counts[0], _counts[^1]);

    internal void Add(int label, int prediction) => _counts[label * Classes + prediction]++;

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
